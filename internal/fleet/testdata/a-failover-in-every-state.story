Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 3 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 3 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 *: DatabaseServer shared-1 fails over
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave all opens
Tue 10:10:00 stable: = Waiting - waits for asha (DatabaseServer shared-1 has just failed over), pratham (DatabaseServer shared-1 has just failed over), sneha (DatabaseServer shared-1 has just failed over)
Tue 10:10:20 *: DatabaseServer shared-1 is well again
Tue 10:10:20 stable: wave all: slots for asha
Tue 10:10:20 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:10:20 asha: Preflight Release glific-2 is let in
Tue 10:10:25 asha: Migrating Job migrate is started
Tue 10:10:45 asha: Deploying pods of Release glific-2 are asked for
Tue 10:10:50 *: DatabaseServer shared-1 fails over
Tue 10:10:50 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight, of which asha stands still: DatabaseServer shared-1 has just failed over
Tue 10:10:50 asha: Deploying DatabaseServer shared-1 has just failed over; the clock of this update stands still, and nothing is blamed on Release glific-2
Tue 10:11:10 *: DatabaseServer shared-1 is well again
Tue 10:11:10 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:11:10 asha: Converging pods of Release glific-2 are not ready
Tue 10:11:25 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:11:40 *: DatabaseServer shared-1 fails over
Tue 10:11:40 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight, of which asha stands still: DatabaseServer shared-1 has just failed over
Tue 10:11:40 asha: Holding DatabaseServer shared-1 has just failed over; the clock of this update stands still, and nothing is blamed on Release glific-2
Tue 10:12:00 *: DatabaseServer shared-1 is well again
Tue 10:12:00 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:12:00 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:12:30 *: DatabaseServer shared-1 fails over
Tue 10:12:30 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight, of which asha stands still: DatabaseServer shared-1 has just failed over
Tue 10:12:30 asha: Holding DatabaseServer shared-1 has just failed over; the clock of this update stands still, and nothing is blamed on Release glific-2
Tue 10:12:50 *: DatabaseServer shared-1 is well again
Tue 10:12:50 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:12:50 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:13:20 *: DatabaseServer shared-1 fails over
Tue 10:13:20 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight, of which asha stands still: DatabaseServer shared-1 has just failed over
Tue 10:13:20 asha: Holding DatabaseServer shared-1 has just failed over; the clock of this update stands still, and nothing is blamed on Release glific-2
Tue 10:13:40 *: DatabaseServer shared-1 is well again
Tue 10:13:40 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:13:40 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:14:10 *: DatabaseServer shared-1 fails over
Tue 10:14:10 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight, of which asha stands still: DatabaseServer shared-1 has just failed over
Tue 10:14:10 asha: Holding DatabaseServer shared-1 has just failed over; the clock of this update stands still, and nothing is blamed on Release glific-2
Tue 10:14:30 *: DatabaseServer shared-1 is well again
Tue 10:14:30 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:14:30 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:00 *: DatabaseServer shared-1 fails over
Tue 10:15:00 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight, of which asha stands still: DatabaseServer shared-1 has just failed over
Tue 10:15:00 asha: Holding DatabaseServer shared-1 has just failed over; the clock of this update stands still, and nothing is blamed on Release glific-2
Tue 10:15:20 *: DatabaseServer shared-1 is well again
Tue 10:15:20 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:15:20 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:50 *: DatabaseServer shared-1 fails over
Tue 10:15:50 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight, of which asha stands still: DatabaseServer shared-1 has just failed over
Tue 10:15:50 asha: Holding DatabaseServer shared-1 has just failed over; the clock of this update stands still, and nothing is blamed on Release glific-2
Tue 10:16:10 *: DatabaseServer shared-1 is well again
Tue 10:16:10 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:16:10 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:16:40 *: DatabaseServer shared-1 fails over
Tue 10:16:40 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight, of which asha stands still: DatabaseServer shared-1 has just failed over
Tue 10:16:40 asha: Holding DatabaseServer shared-1 has just failed over; the clock of this update stands still, and nothing is blamed on Release glific-2
Tue 10:17:00 *: DatabaseServer shared-1 is well again
Tue 10:17:00 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:17:00 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:17:30 *: DatabaseServer shared-1 fails over
Tue 10:17:30 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight, of which asha stands still: DatabaseServer shared-1 has just failed over
Tue 10:17:30 asha: Holding DatabaseServer shared-1 has just failed over; the clock of this update stands still, and nothing is blamed on Release glific-2
Tue 10:17:50 *: DatabaseServer shared-1 is well again
Tue 10:17:50 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:17:50 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:18:20 *: DatabaseServer shared-1 fails over
Tue 10:18:20 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight, of which asha stands still: DatabaseServer shared-1 has just failed over
Tue 10:18:20 asha: Holding DatabaseServer shared-1 has just failed over; the clock of this update stands still, and nothing is blamed on Release glific-2
Tue 10:18:40 *: DatabaseServer shared-1 is well again
Tue 10:18:40 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:18:40 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:19:10 *: DatabaseServer shared-1 fails over
Tue 10:19:10 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight, of which asha stands still: DatabaseServer shared-1 has just failed over
Tue 10:19:10 asha: Holding DatabaseServer shared-1 has just failed over; the clock of this update stands still, and nothing is blamed on Release glific-2
Tue 10:19:30 *: DatabaseServer shared-1 is well again
Tue 10:19:30 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:19:30 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:19:45 asha: Probing it held; now it is asked as its users ask
Tue 10:19:50 asha: Finished Release glific-2 is verified
Tue 10:19:55 stable: asha: Verified on Release glific-2
Tue 10:19:55 stable: wave all: slots for pratham
Tue 10:19:55 stable: = RollingOut - update of wave all: 1 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:19:55 pratham: Preflight Release glific-2 is let in
Tue 10:20:00 pratham: Migrating Job migrate is started
Tue 10:20:20 pratham: Deploying pods of Release glific-2 are asked for
Tue 10:20:30 pratham: Converging pods of Release glific-2 are not ready
Tue 10:21:00 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:26:00 pratham: Probing it held; now it is asked as its users ask
Tue 10:26:05 pratham: Finished Release glific-2 is verified
Tue 10:26:10 stable: pratham: Verified on Release glific-2
Tue 10:26:10 stable: wave all: slots for sneha
Tue 10:26:10 stable: = RollingOut - update of wave all: 2 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:26:10 sneha: Preflight Release glific-2 is let in
Tue 10:26:15 sneha: Migrating Job migrate is started
Tue 10:26:35 sneha: Deploying pods of Release glific-2 are asked for
Tue 10:26:45 sneha: Converging pods of Release glific-2 are not ready
Tue 10:27:15 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:32:15 sneha: Probing it held; now it is asked as its users ask
Tue 10:32:20 sneha: Finished Release glific-2 is verified
Tue 10:32:25 stable: sneha: Verified on Release glific-2
Tue 10:32:25 stable: Release glific-2 is verified by 3 Organisations
Tue 10:32:25 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 3 Organisations

stable: RolledOut, verified glific-2, wave all
asha: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
