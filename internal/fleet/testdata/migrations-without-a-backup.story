Tue 10:00:00 *: Release glific-2 has migrations
Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 3 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 3 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: = BackupMissing - Release glific-2 has migrations and there is no dump to go back to; a person may accept that: spec.backup: Accepted
Tue 11:00:00 *: a person accepts that there is no backup
Tue 11:00:00 stable: wave all opens
Tue 11:00:00 stable: wave all: slots for asha
Tue 11:00:00 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 11:00:00 asha: Preflight Release glific-2 is let in
Tue 11:00:05 asha: Migrating Job migrate is started
Tue 11:00:25 asha: Deploying pods of Release glific-2 are asked for
Tue 11:00:35 asha: Converging pods of Release glific-2 are not ready
Tue 11:01:05 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 11:06:05 asha: Probing it held; now it is asked as its users ask
Tue 11:06:10 asha: Finished Release glific-2 is verified
Tue 11:06:15 stable: asha: Verified on Release glific-2
Tue 11:06:15 stable: wave all: slots for pratham
Tue 11:06:15 stable: = RollingOut - update of wave all: 1 of 3 serve Release glific-2; 1 Organisation in flight
Tue 11:06:15 pratham: Preflight Release glific-2 is let in
Tue 11:06:20 pratham: Migrating Job migrate is started
Tue 11:06:40 pratham: Deploying pods of Release glific-2 are asked for
Tue 11:06:50 pratham: Converging pods of Release glific-2 are not ready
Tue 11:07:20 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 11:12:20 pratham: Probing it held; now it is asked as its users ask
Tue 11:12:25 pratham: Finished Release glific-2 is verified
Tue 11:12:30 stable: pratham: Verified on Release glific-2
Tue 11:12:30 stable: wave all: slots for sneha
Tue 11:12:30 stable: = RollingOut - update of wave all: 2 of 3 serve Release glific-2; 1 Organisation in flight
Tue 11:12:30 sneha: Preflight Release glific-2 is let in
Tue 11:12:35 sneha: Migrating Job migrate is started
Tue 11:12:55 sneha: Deploying pods of Release glific-2 are asked for
Tue 11:13:05 sneha: Converging pods of Release glific-2 are not ready
Tue 11:13:35 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 11:18:35 sneha: Probing it held; now it is asked as its users ask
Tue 11:18:40 sneha: Finished Release glific-2 is verified
Tue 11:18:45 stable: sneha: Verified on Release glific-2
Tue 11:18:45 stable: Release glific-2 is verified by 3 Organisations
Tue 11:18:45 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 3 Organisations

stable: RolledOut, verified glific-2, wave all
asha: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
