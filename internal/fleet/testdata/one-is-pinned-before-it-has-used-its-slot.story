Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 3 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 3 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 *: whoever has the slot is pinned to glific-1
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave all opens
Tue 10:10:00 stable: wave all: slots for asha
Tue 10:10:00 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:10:05 stable: asha: is pinned to Release glific-1 and did not use its slot
Tue 10:10:05 stable: wave all: slots for pratham
Tue 10:10:05 stable: = RollingOut - update of wave all: 0 of 2 serve Release glific-2; 1 Organisation in flight; it does not reach 1 Organisation: see status.unreached
Tue 10:10:05 pratham: Preflight Release glific-2 is let in
Tue 10:10:10 pratham: Deploying pods of Release glific-2 are asked for
Tue 10:10:20 pratham: Converging pods of Release glific-2 are not ready
Tue 10:10:50 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:50 pratham: Probing it held; now it is asked as its users ask
Tue 10:15:55 pratham: Finished Release glific-2 is verified
Tue 10:16:00 stable: pratham: Verified on Release glific-2
Tue 10:16:00 stable: wave all: slots for sneha
Tue 10:16:00 stable: = RollingOut - update of wave all: 1 of 2 serve Release glific-2; 1 Organisation in flight; it does not reach 1 Organisation: see status.unreached
Tue 10:16:00 sneha: Preflight Release glific-2 is let in
Tue 10:16:05 sneha: Deploying pods of Release glific-2 are asked for
Tue 10:16:15 sneha: Converging pods of Release glific-2 are not ready
Tue 10:16:45 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:21:45 sneha: Probing it held; now it is asked as its users ask
Tue 10:21:50 sneha: Finished Release glific-2 is verified
Tue 10:21:55 stable: sneha: Verified on Release glific-2
Tue 10:21:55 stable: Release glific-2 is verified by 2 Organisations
Tue 10:21:55 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 2 Organisations; it does not reach 1 Organisation: see status.unreached

stable: RolledOut, verified glific-2, wave all
asha: serves glific-1, untouched; pods replaced 0 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
