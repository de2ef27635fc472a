import { expect, it } from 'vitest';
import { seen, seenVolume, service } from '../kit/builders.ts';
import { anew, db, hooks, planned, reader, whole, type Case } from './backup-kit.ts';

it('copies while its users stand still: room for it first, a volume for the way back, and older ones go last', () => {
  const one: Case = { policy: { keep: 3 }, services: [anew(db), reader], containers: [seen(db), seen(reader)] };
  expect(whole(planned(one))).toMatchInlineSnapshot(`
    "  = volume "shop_data" will be backed up (because x-stack.backup says so before an apply touches who uses it)
        a rollback puts back what it holds now
        (volume, data)
      # container shop-db-1 will be replaced (because it was changed outside the file, work is done in a volume of it)
    -/+ container "shop-db-1" (service db) {
          + user             = "nobody"                                       # forces replacement (drift)
          + volume shop_data = "it is copied while the container is stopped"  # stops the container meanwhile
        }
        stops shop-db-1 (up to 10 s to end), until it is ready again
        (container, drift; user: drift, replace; volume shop_data: data, standstill)


    volume.room shop_data {volumes:[{volume:shop_data,image:stackctl/helper:1,rewinds:true}]}
    volume.create shop_data.restored {stack:shop,volume:{name:shop_data.restored,key:shop_data.restored,external:false,driverOptions:{},labels:{io.stackctl.aside:shop_data}}} < volume.room shop_data
    container.update shop-db-1 restart < volume.room shop_data, volume.create shop_data.restored
    container.stop shop-db-1 < container.update shop-db-1 restart
    container.rename shop-db-1 < container.stop shop-db-1
    volume.backup shop_data {volume:shop_data,image:stackctl/helper:1,stack:shop,quiet:stopped,users:[{name:shop-db-1,id:43842d}],images:{nginx:1:{id:sha256:ea996a,digests:[nginx@sha256:1]}},rewind:{aside:shop_data.restored,readers:[{name:shop-reader-1,id:e491ff}]}} < volume.room shop_data, volume.create shop_data.restored, container.rename shop-db-1
    container.create shop-db-1 < container.rename shop-db-1, volume.backup shop_data
    container.start shop-db-1 < container.create shop-db-1, volume.backup shop_data
    service.await shop-db-1 < container.start shop-db-1
    volume.discard shop_data.restored {name:shop_data.restored} < volume.backup shop_data, service.await shop-db-1
    volume.keep shop_data {engine:engine-1,stack:shop,volume:shop_data,keep:3} < volume.discard shop_data.restored
    container.remove shop-db-1.before-43842d19af87 < volume.backup shop_data, service.await shop-db-1"
  `);
});

it('copies what is in a volume that is made anew, and reads the copy again: nothing else is left of it', () => {
  const nfs = { volumes: [seenVolume('shop_data', { driver: 'nfs' })] };
  const one: Case = { policy: { before: ['remove'] }, machine: nfs, options: { allowDestroy: ['volume/data'] } };
  expect(whole(planned(one))).toMatchInlineSnapshot(`
    "  # volume shop_data will be replaced (because the file changed)
    -/+ volume "shop_data" {
          ~ driver = "nfs" -> "local"  # forces replacement
        }
        all that is in it is gone for good, and so are the containers that mount it: no rollback brings that back
        (volume, file; driver: file, replace)
      = volume "shop_data" will be backed up (because x-stack.backup says so before it, or a container with it, is removed)
        (volume, data)
      # container shop-db-1 will be replaced (because the file changed, work is done in a volume of it)
    -/+ container "shop-db-1" (service db) {
          ~ volumes.shop_data = "volume shop_data" -> "a new volume"           # forces replacement
          + volume shop_data  = "it is copied while the container is stopped"  # stops the container meanwhile
        }
        stops shop-db-1 (up to 10 s to end), until it is ready again
        (container, file; volumes.shop_data: file, replace; volume shop_data: data, standstill)


    volume.room shop_data {volumes:[{volume:shop_data,image:stackctl/helper:1}]}
    container.stop shop-db-1 < volume.room shop_data
    container.remove shop-db-1 < container.stop shop-db-1
    volume.backup shop_data {volume:shop_data,image:stackctl/helper:1,stack:shop,quiet:stopped,users:[{name:shop-db-1,id:43842d}],images:{nginx:1:{id:sha256:ea996a,digests:[nginx@sha256:1]}},verify:true} < volume.room shop_data, container.remove shop-db-1
    volume.remove shop_data {name:shop_data,stack:shop} < volume.room shop_data, container.remove shop-db-1, volume.backup shop_data
    volume.create shop_data {stack:shop,volume:{name:shop_data,key:data,external:false,driverOptions:{},labels:{},backup:{before:[remove],quiesce:stop}},anew:true} < volume.remove shop_data
    container.create shop-db-1 < container.remove shop-db-1, volume.create shop_data, volume.backup shop_data
    container.start shop-db-1 < container.create shop-db-1, volume.backup shop_data
    service.await shop-db-1 < container.start shop-db-1"
  `);
});

it('pauses who could write, and wakes it', () => {
  const one: Case = { policy: { quiesce: 'pause' }, services: [db, service('new', { settings: db.settings })], containers: [seen(db)] };
  expect(whole(planned(one))).toMatchInlineSnapshot(`
    "  = volume "shop_data" will be backed up (because x-stack.backup says so before an apply touches who uses it)
        a rollback does not take back what is written to it: container shop-db-1 has it open, and is only paused
        (volume, data)
      # container shop-db-1 will be updated in place (because work is done in a volume of it)
      ~ container "shop-db-1" (service db) {
          + volume shop_data = "it is copied while the container is paused"
        }
        (container, data; volume shop_data: data, pause)
      # container shop-new-1 will be created (because it is not there yet)
      + container "shop-new-1" (service new) {
          + image              = "nginx:1"
          + volumes./shop_data = "volume shop_data"
        }
        (container, file; image: file, create; volumes./shop_data: file, create)


    volume.room shop_data {volumes:[{volume:shop_data,image:stackctl/helper:1}]}
    container.pause shop-db-1 < volume.room shop_data
    volume.backup shop_data {volume:shop_data,image:stackctl/helper:1,stack:shop,quiet:paused,users:[{name:shop-db-1,id:43842d}],images:{nginx:1:{id:sha256:ea996a,digests:[nginx@sha256:1]}}} < volume.room shop_data, container.pause shop-db-1
    container.unpause shop-db-1 < container.pause shop-db-1, volume.backup shop_data
    service.await shop-db-1 < container.unpause shop-db-1
    container.create shop-new-1 < volume.room shop_data, volume.backup shop_data
    container.start shop-new-1 < container.create shop-new-1, volume.backup shop_data
    service.await shop-new-1 < container.start shop-new-1"
  `);
});

it('copies what goes on before anything else is touched, with hooks around it', () => {
  const one: Case = { policy: { quiesce: 'none', hooks }, services: [anew(db)], containers: [seen(db)] };
  expect(whole(planned(one))).toMatchInlineSnapshot(`
    "  = volume "shop_data" will be backed up (because x-stack.backup says so before an apply touches who uses it)
        a rollback does not take back what is written to it: the copy is taken while programs write to it
        (volume, data)
      # container shop-db-1 will be replaced (because it was changed outside the file)
    -/+ container "shop-db-1" (service db) {
          + user = "nobody"  # forces replacement (drift)
        }
        stops shop-db-1 (up to 10 s to end), until it is ready again
        (container, drift; user: drift, replace)


    volume.room shop_data {volumes:[{volume:shop_data,image:stackctl/helper:1}]}
    volume.backup shop_data {volume:shop_data,image:stackctl/helper:1,stack:shop,quiet:hook,users:[{name:shop-db-1,id:43842d}],images:{nginx:1:{id:sha256:ea996a,digests:[nginx@sha256:1]}},hooks:{container:{name:shop-db-1,id:43842d},pre:[{command:[dump]}],post:[{command:[rm,dump]}],withinMs:2000}} < volume.room shop_data
    container.update shop-db-1 restart < volume.room shop_data, volume.backup shop_data
    container.stop shop-db-1 < container.update shop-db-1 restart
    container.rename shop-db-1 < container.stop shop-db-1
    container.create shop-db-1 < container.rename shop-db-1
    container.start shop-db-1 < container.create shop-db-1
    service.await shop-db-1 < container.start shop-db-1
    container.remove shop-db-1.before-43842d19af87 < service.await shop-db-1"
  `);
});
