import { inService, type VirtualService } from '../../world/index';
import { readAll, type CommandImplementation } from '../shell/index';
import type { Machine } from '../machine';

/** Columns of `show stat` in HAProxy 2.x. */
const columns = (
  'pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,' +
  'chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,' +
  'check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,hanafail,req_rate,req_rate_max,' +
  'req_tot,cli_abrt,srv_abrt,comp_in,comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,ttime,' +
  'agent_status,agent_code,agent_duration,check_desc,agent_desc,check_rise,check_fall,check_health,agent_rise,' +
  'agent_fall,agent_health,addr,cookie,mode,algo'
).split(',');

/** `socat` to HAProxy's administration socket: `show stat` and `show info`. */
export function socatTool(machine: Machine): [string, CommandImplementation] {
  return [
    'socat',
    async (call) => {
      if (!call.args.some((item) => item.includes('haproxy'))) {
        await call.err.write(`socat[2211] E connect(): No such file or directory\n`);
        return 1;
      }
      const request = (await readAll(call.stdin)).trim();
      if (request === 'show stat') await call.out.write(showStat(machine));
      else if (request === 'show info') await call.out.write('Name: HAProxy\nVersion: 2.6.12\nUptime_sec: 3542400\n\n');
      else await call.out.write('Unknown command.\n\n');
      return 0;
    },
  ];
}

function showStat(machine: Machine): string {
  const services = machine.world.pairOf(machine.unitName).services.filter((service) => service.layer === 7);
  return `# ${columns.join(',')},\n${services.flatMap((service) => serviceRows(machine, service)).join('')}\n`;
}

function serviceRows(machine: Machine, service: VirtualService): string[] {
  const { world, unitName } = machine;
  const unit = world.appliance(unitName);
  const mode = service.protocol === 'http' ? 'http' : 'tcp';
  const servers = service.realServers.map((real) => {
    const status = inService(world.state, unit, service, real);
    const traffic = world.traffic(unitName, service, real);
    const words = { online: 'UP', drained: 'DRAIN', halted: 'MAINT', failed: 'DOWN' } as const;
    return {
      svname: real.label,
      scur: traffic?.active ?? 0,
      rate: Math.round(traffic?.perSecond ?? 0),
      stot: traffic?.connections ?? 0,
      bin: traffic?.inBytes ?? 0,
      bout: traffic?.outBytes ?? 0,
      status: words[status],
      weight: real.intent === 'drained' ? 0 : real.weight,
      act: 1,
      bck: 0,
      type: 2,
      check_status: status === 'failed' ? 'L4CON' : 'L4OK',
      last_chk: status === 'failed' ? 'Connection refused' : '',
      addr: real.address.includes(':') ? `[${real.address}]:${real.port}` : `${real.address}:${real.port}`,
    };
  });
  const sum = (pick: (server: (typeof servers)[number]) => number): number =>
    servers.reduce((total, server) => total + pick(server), 0);
  const totals = {
    scur: sum((item) => item.scur),
    rate: sum((item) => item.rate),
    stot: sum((item) => item.stot),
    bin: sum((item) => item.bin),
    bout: sum((item) => item.bout),
  };
  const up = servers.some((item) => item.status === 'UP');
  return [
    row({ pxname: service.label, svname: 'FRONTEND', ...totals, status: 'OPEN', type: 0, mode }),
    ...servers.map((server) => row({ pxname: service.label, ...server, mode })),
    row({
      pxname: service.label,
      svname: 'BACKEND',
      ...totals,
      status: up ? 'UP' : 'DOWN',
      act: servers.filter((item) => item.status === 'UP').length,
      type: 1,
      mode,
      algo: service.scheduler,
    }),
  ];
}

function row(values: Readonly<Record<string, string | number>>): string {
  return `${columns.map((name) => values[name] ?? '').join(',')},\n`;
}
