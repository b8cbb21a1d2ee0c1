Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 3 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 3 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave all opens
Tue 10:10:00 stable: wave all: slots for asha
Tue 10:10:00 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:10:00 asha: Preflight Release glific-2 is let in
Tue 10:10:05 asha: Deploying pods of Release glific-2 are asked for
Tue 10:10:15 asha: Converging pods of Release glific-2 are not ready
Tue 10:10:45 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:45 asha: Probing it held; now it is asked as its users ask
Tue 10:15:50 asha: Finished Release glific-2 is verified
Tue 10:15:55 stable: asha: Verified on Release glific-2
Tue 10:15:55 stable: wave all: slots for pratham
Tue 10:15:55 stable: = RollingOut - update of wave all: 1 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:15:55 pratham: Preflight Release glific-2 is let in
Tue 10:16:00 pratham: Deploying pods of Release glific-2 are asked for
Tue 10:16:10 pratham: Converging pods of Release glific-2 are not ready
Tue 10:16:40 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:21:40 pratham: Probing it held; now it is asked as its users ask
Tue 10:21:45 pratham: Finished Release glific-2 is verified
Tue 10:21:50 stable: pratham: Verified on Release glific-2
Tue 10:21:50 stable: = Waiting - waits for sneha (its window opens at 2026-11-24T22:00:00Z)
Tue 22:00:00 stable: wave all: slots for sneha
Tue 22:00:00 stable: = RollingOut - update of wave all: 2 of 3 serve Release glific-2; 1 Organisation in flight
Tue 22:00:00 sneha: Preflight Release glific-2 is let in
Tue 22:00:05 sneha: Deploying pods of Release glific-2 are asked for
Tue 22:00:15 sneha: Converging pods of Release glific-2 are not ready
Tue 22:00:45 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 22:05:45 sneha: Probing it held; now it is asked as its users ask
Tue 22:05:50 sneha: Finished Release glific-2 is verified
Tue 22:05:55 stable: sneha: Verified on Release glific-2
Tue 22:05:55 stable: Release glific-2 is verified by 3 Organisations
Tue 22:05:55 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 3 Organisations

stable: RolledOut, verified glific-2, wave all
asha: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
