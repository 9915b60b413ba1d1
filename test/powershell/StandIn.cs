// Stand-ins for types that exist on Windows only. They act on the state file of the stand-in module.
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Security.Principal;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EvenkeelStandIn
{
    public static class State
    {
        public static string Path
        {
            get
            {
                string path = Environment.GetEnvironmentVariable("EVENKEEL_STAND_IN_STATE");
                if (string.IsNullOrEmpty(path)) throw new InvalidOperationException("EVENKEEL_STAND_IN_STATE names no state file.");
                return path;
            }
        }

        // Dictionaries and lists as JSON.
        public static void Save(IDictionary state)
        {
            using (MemoryStream stream = new MemoryStream())
            {
                using (Utf8JsonWriter writer = new Utf8JsonWriter(stream)) Put(writer, state);
                Write(Encoding.UTF8.GetString(stream.ToArray()));
            }
        }

        static void Put(Utf8JsonWriter writer, object value)
        {
            PSObject wrapped = value as PSObject;
            if (wrapped != null) value = wrapped.BaseObject;
            if (value == null) writer.WriteNullValue();
            else if (value is bool) writer.WriteBooleanValue((bool)value);
            else if (value is string) writer.WriteStringValue((string)value);
            else if (value is IDictionary)
            {
                writer.WriteStartObject();
                foreach (DictionaryEntry one in (IDictionary)value)
                {
                    writer.WritePropertyName((string)one.Key);
                    Put(writer, one.Value);
                }
                writer.WriteEndObject();
            }
            else if (value is IEnumerable)
            {
                writer.WriteStartArray();
                foreach (object one in (IEnumerable)value) Put(writer, one);
                writer.WriteEndArray();
            }
            else writer.WriteNumberValue(Convert.ToInt64(value));
        }

        public static string Read() { return File.ReadAllText(Path); }

        // Whole or not at all: another process may read at any time.
        public static void Write(string text)
        {
            string fresh = Path + "." + Environment.ProcessId + ".new";
            File.WriteAllText(fresh, text);
            File.Move(fresh, Path, true);
        }
    }

    // Objects with the face of CIM instances.
    public static class Cim
    {
        public static PSObject Make(string ns, string name, IDictionary properties)
        {
            PSObject made = new PSObject();
            foreach (DictionaryEntry one in properties) made.Properties.Add(new PSNoteProperty((string)one.Key, one.Value));
            made.TypeNames.Insert(0, "Microsoft.Management.Infrastructure.CimInstance");
            made.TypeNames.Insert(0, "Microsoft.Management.Infrastructure.CimInstance#" + ns + "/" + name);
            return made;
        }

        // Those whose property is like one of the wanted values.
        public static PSObject[] Where(IEnumerable objects, string property, IEnumerable wanted)
        {
            List<WildcardPattern> patterns = new List<WildcardPattern>();
            foreach (object one in wanted) patterns.Add(new WildcardPattern(LanguagePrimitives.ConvertTo<string>(one).Replace("[", "`["), WildcardOptions.IgnoreCase));
            List<PSObject> found = new List<PSObject>();
            foreach (object one in objects)
            {
                PSObject item = PSObject.AsPSObject(one);
                string value = LanguagePrimitives.ConvertTo<string>(item.Properties[property].Value);
                if (patterns.Any(pattern => pattern.IsMatch(value))) found.Add(item);
            }
            return found.ToArray();
        }
    }

    // The enumerations of the cmdlets' parameters and properties.
    public enum Switch { Disabled, Enabled }
    public enum Family { IPv4 = 2, IPv6 = 23 }
    public enum GpoBoolean { False, True, NotConfigured }
    public enum RuleEnabled { True = 1, False = 2 }
    public enum Direction { Inbound = 1, Outbound = 2 }
    public enum RuleAction { NotConfigured = 0, Allow = 2, Block = 4 }
    [Flags] public enum Profile { Any = 0, Domain = 1, Private = 2, Public = 4 }

    public sealed class Identity
    {
        public static Identity GetCurrent() { return new Identity(); }
    }

    public sealed class Principal
    {
        public Principal(Identity identity)
        {
            if (identity == null) throw new ArgumentNullException("identity");
        }

        public bool IsInRole(WindowsBuiltInRole role)
        {
            return role == WindowsBuiltInRole.Administrator && (bool)JsonNode.Parse(State.Read())["isAdministrator"];
        }
    }

    // What SetupAPI does when a root-enumerated network device is added or removed.
    public static class Device
    {
        static readonly string[] Bound = { "ms_msclient", "ms_pacer", "ms_server", "ms_tcpip", "ms_tcpip6", "ms_lltdio", "ms_rspndr", "ms_lldp" };

        public static string Install(string hardwareId, string infPath, string notePath)
        {
            JsonNode state = JsonNode.Parse(State.Read());
            JsonNode faults = state["standIn"];
            if (IsOn(faults, "installHangs"))
            {
                // Registered, without a driver: no adapter.
                state["standInDevices"] = new JsonArray(JsonValue.Create(Id(0)));
                State.Write(state.ToJsonString());
                File.WriteAllText(notePath, Id(0));
                System.Threading.Thread.Sleep(TimeSpan.FromMinutes(10));
            }
            if (hardwareId != "*MSLOOP" || !infPath.EndsWith("netloop.inf", StringComparison.OrdinalIgnoreCase))
            {
                throw new System.ComponentModel.Win32Exception(2, "UpdateDriverForPlugAndPlayDevices: error 2");
            }
            JsonArray adapters = state["adapters"].AsArray();
            int index = adapters.Select(one => (int)one["index"]).DefaultIfEmpty(0).Max() + 1;
            int number = 0;
            while (adapters.Any(one => ((string)one["deviceId"]).Equals(Id(number), StringComparison.OrdinalIgnoreCase))) number++;
            int named = 2;
            while (adapters.Any(one => ((string)one["name"]).Equals("Ethernet " + named, StringComparison.OrdinalIgnoreCase))) named++;
            adapters.Add(new JsonObject
            {
                ["index"] = index,
                ["name"] = "Ethernet " + named,
                ["description"] = "Microsoft KM-TEST Loopback Adapter" + (number == 0 ? "" : " #" + (number + 1)),
                ["hardwareId"] = hardwareId,
                ["deviceId"] = Id(number),
                ["mac"] = "02-00-4C-4F-4F-50",
                // Up after a moment: the module lets time pass when a script sleeps.
                ["status"] = "down",
                ["starting"] = true,
                ["driverOk"] = true,
                ["bindings"] = new JsonArray(Bound.Select(one => (JsonNode)new JsonObject { ["component"] = one, ["enabled"] = true }).ToArray()),
                ["netbios"] = "default",
                ["registersInDns"] = true,
                ["ipv4"] = Interface(3),
                ["ipv6"] = Interface(1),
                ["addresses"] = new JsonArray(),
                ["gateways"] = new JsonArray(),
            });
            State.Write(state.ToJsonString());
            return Id(number);
        }

        public static void Remove(string instanceId)
        {
            JsonNode state = JsonNode.Parse(State.Read());
            JsonArray driverless = state["standInDevices"] as JsonArray;
            if (driverless != null && driverless.Any(one => (string)one == instanceId))
            {
                state["standInDevices"] = new JsonArray();
                State.Write(state.ToJsonString());
                return;
            }
            JsonArray adapters = state["adapters"].AsArray();
            JsonNode found = adapters.FirstOrDefault(one => ((string)one["deviceId"]).Equals(instanceId, StringComparison.OrdinalIgnoreCase));
            // ERROR_NO_SUCH_DEVINST
            if (found == null) throw new System.ComponentModel.Win32Exception(unchecked((int)0xE000020B), "SetupDiOpenDeviceInfo: error -536870389");
            adapters.Remove(found);
            State.Write(state.ToJsonString());
        }

        static bool IsOn(JsonNode faults, string name)
        {
            return faults != null && faults[name] != null && (bool)faults[name];
        }

        static string Id(int number) { return "ROOT\\NET\\" + number.ToString("0000"); }

        static JsonObject Interface(int dadTransmits)
        {
            return new JsonObject
            {
                ["weakHostReceive"] = false,
                ["weakHostSend"] = false,
                ["dadTransmits"] = dadTransmits,
                ["dhcp"] = true,
                ["metric"] = null,
            };
        }
    }
}
