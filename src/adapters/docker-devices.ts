import type { HostConfig } from 'dockerode';
import { present, some } from '../lib/present.ts';
import { fromEntries, type ByName } from '../lib/record.ts';
import type { DeviceRates, DeviceRequest, Settings } from '../model/settings.ts';
import type { Answer } from './docker-answer.ts';

/** Devices of the host, and how fast they may be used, for the create call. */
export function deviceOptions({ devices, device_requests, device_cgroup_rules, blkio_config = {} }: Settings): HostConfig {
  return {
    ...(devices && {
      Devices: devices.map(({ source, target, permissions }) => ({
        PathOnHost: source,
        PathInContainer: target,
        CgroupPermissions: permissions,
      })),
    }),
    ...(device_requests && { DeviceRequests: device_requests.map(requestOption) }),
    ...(device_cgroup_rules && { DeviceCgroupRules: [...device_cgroup_rules] }),
    BlkioDeviceReadBps: ratesOption(blkio_config.device_read_bps),
    BlkioDeviceReadIOps: ratesOption(blkio_config.device_read_iops),
    BlkioDeviceWriteBps: ratesOption(blkio_config.device_write_bps),
    BlkioDeviceWriteIOps: ratesOption(blkio_config.device_write_iops),
    BlkioWeightDevice: Object.entries(blkio_config.weight_device ?? {}).map(([Path, Weight]) => ({ Path, Weight })),
  };
}

const requestOption = ({ driver, count, ids, capabilities, options }: DeviceRequest) => ({
  Driver: driver,
  Count: count,
  DeviceIDs: [...ids],
  Capabilities: [[...capabilities]],
  Options: { ...options },
});

const ratesOption = (rates: ByName<number> = {}) => Object.entries(rates).map(([Path, Rate]) => ({ Path, Rate }));

/** The same from an inspect answer. */
export function seenDevices(host: Answer): Partial<Settings> {
  const devices = host.list('Devices').map((row) => ({
    source: row.text('PathOnHost'),
    target: row.text('PathInContainer'),
    permissions: row.text('CgroupPermissions'),
  }));
  return present({
    devices: some(devices.sort((left, right) => (left.target < right.target ? -1 : 1))),
    device_requests: some(host.list('DeviceRequests').map(seenRequest)),
    device_cgroup_rules: some([...host.texts('DeviceCgroupRules')].sort()),
    blkio_config: seenRates(host),
  });
}

const seenRequest = (row: Answer): DeviceRequest => ({
  driver: row.text('Driver'),
  count: row.number('Count'),
  ids: row.texts('DeviceIDs'),
  // Compose names "gpu" a second time where a file does
  capabilities: [...new Set(row.textLists('Capabilities').flat())].sort(),
  options: row.textMap('Options'),
});

function seenRates(host: Answer): DeviceRates | undefined {
  const rates = (key: string, value = 'Rate') =>
    some(fromEntries(host.list(key).map((row) => [row.mustText('Path'), row.number(value)] as const)));
  return some(
    present({
      device_read_bps: rates('BlkioDeviceReadBps'),
      device_read_iops: rates('BlkioDeviceReadIOps'),
      device_write_bps: rates('BlkioDeviceWriteBps'),
      device_write_iops: rates('BlkioDeviceWriteIOps'),
      weight_device: rates('BlkioWeightDevice', 'Weight'),
    }),
  );
}
