# Root-enumerated devices through SetupAPI: Windows has no cmdlet for them, and pnputil cannot add one.
$EkDeviceSource = @'
using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

public static class EvenkeelDevice
{
    static Guid NetworkClass = new Guid("4d36e972-e325-11ce-bfc1-08002be10318");
    const int GenerateId = 1;
    const int HardwareIdProperty = 1;
    const int RegisterDevice = 0x19;
    const int RemoveFunction = 0x05;
    const int AllClasses = 4;

    [StructLayout(LayoutKind.Sequential)]
    struct DeviceInfo
    {
        public int Size;
        public Guid Class;
        public uint Instance;
        public IntPtr Reserved;
    }

    [DllImport("setupapi.dll", SetLastError = true)]
    static extern IntPtr SetupDiCreateDeviceInfoList(ref Guid classGuid, IntPtr parent);

    [DllImport("setupapi.dll", SetLastError = true, CharSet = CharSet.Unicode)]
    static extern bool SetupDiCreateDeviceInfoW(IntPtr list, string name, ref Guid classGuid, string description, IntPtr parent, int flags, ref DeviceInfo info);

    [DllImport("setupapi.dll", SetLastError = true, CharSet = CharSet.Unicode)]
    static extern bool SetupDiSetDeviceRegistryPropertyW(IntPtr list, ref DeviceInfo info, int property, byte[] buffer, int size);

    [DllImport("setupapi.dll", SetLastError = true)]
    static extern bool SetupDiCallClassInstaller(int function, IntPtr list, ref DeviceInfo info);

    [DllImport("setupapi.dll", SetLastError = true, CharSet = CharSet.Unicode)]
    static extern IntPtr SetupDiGetClassDevsW(ref Guid classGuid, string enumerator, IntPtr parent, int flags);

    [DllImport("setupapi.dll", SetLastError = true, CharSet = CharSet.Unicode)]
    static extern bool SetupDiOpenDeviceInfoW(IntPtr list, string instanceId, IntPtr parent, int flags, ref DeviceInfo info);

    [DllImport("setupapi.dll", SetLastError = true, CharSet = CharSet.Unicode)]
    static extern bool SetupDiGetDeviceInstanceIdW(IntPtr list, ref DeviceInfo info, StringBuilder id, int size, out int required);

    [DllImport("setupapi.dll", SetLastError = true)]
    static extern bool SetupDiDestroyDeviceInfoList(IntPtr list);

    [DllImport("newdev.dll", SetLastError = true, CharSet = CharSet.Unicode)]
    static extern bool UpdateDriverForPlugAndPlayDevicesW(IntPtr parent, string hardwareId, string infPath, int flags, out bool restart);

    static DeviceInfo Empty()
    {
        DeviceInfo info = new DeviceInfo();
        info.Size = Marshal.SizeOf(typeof(DeviceInfo));
        return info;
    }

    static void Check(bool ok, string what)
    {
        if (!ok) throw new Win32Exception(Marshal.GetLastWin32Error(), what + ": error " + Marshal.GetLastWin32Error());
    }

    // Through to the disk: the driver that comes next may stop the server.
    static void Note(string path, string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        using (FileStream file = new FileStream(path, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes, 0, bytes.Length);
            file.Flush(true);
        }
    }

    // Without the force flag, so that no other device of the kind is bounced.
    public static string Install(string hardwareId, string infPath, string notePath)
    {
        IntPtr list = SetupDiCreateDeviceInfoList(ref NetworkClass, IntPtr.Zero);
        Check(list != new IntPtr(-1), "SetupDiCreateDeviceInfoList");
        try
        {
            DeviceInfo info = Empty();
            Check(SetupDiCreateDeviceInfoW(list, "NET", ref NetworkClass, null, IntPtr.Zero, GenerateId, ref info), "SetupDiCreateDeviceInfo");
            byte[] ids = Encoding.Unicode.GetBytes(hardwareId + "\0\0");
            Check(SetupDiSetDeviceRegistryPropertyW(list, ref info, HardwareIdProperty, ids, ids.Length), "SetupDiSetDeviceRegistryProperty");
            Check(SetupDiCallClassInstaller(RegisterDevice, list, ref info), "DIF_REGISTERDEVICE");
            StringBuilder id = new StringBuilder(400);
            int required;
            Check(SetupDiGetDeviceInstanceIdW(list, ref info, id, id.Capacity, out required), "SetupDiGetDeviceInstanceId");
            try { Note(notePath, id.ToString()); }
            catch
            {
                SetupDiCallClassInstaller(RemoveFunction, list, ref info);
                throw;
            }
            bool restart;
            if (!UpdateDriverForPlugAndPlayDevicesW(IntPtr.Zero, hardwareId, infPath, 0, out restart))
            {
                int error = Marshal.GetLastWin32Error();
                SetupDiCallClassInstaller(RemoveFunction, list, ref info);
                throw new Win32Exception(error, "UpdateDriverForPlugAndPlayDevices: error " + error);
            }
            return id.ToString();
        }
        finally { SetupDiDestroyDeviceInfoList(list); }
    }

    public static void Remove(string instanceId)
    {
        IntPtr list = SetupDiCreateDeviceInfoList(ref NetworkClass, IntPtr.Zero);
        Check(list != new IntPtr(-1), "SetupDiCreateDeviceInfoList");
        try
        {
            DeviceInfo info = Empty();
            Check(SetupDiOpenDeviceInfoW(list, instanceId, IntPtr.Zero, 0, ref info), "SetupDiOpenDeviceInfo");
            Check(SetupDiCallClassInstaller(RemoveFunction, list, ref info), "DIF_REMOVE");
        }
        finally { SetupDiDestroyDeviceInfoList(list); }
    }
}
'@
