Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 1 Organisation
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 1 Organisation; it does not reach 5 Organisations: see status.unreached
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave canary opens
Tue 10:10:00 stable: wave canary: slots for asha
Tue 10:10:00 stable: = RollingOut - update of wave canary: 0 of 1 serve Release glific-2; 1 Organisation in flight; it does not reach 5 Organisations: see status.unreached
Tue 10:10:00 asha: Preflight Release glific-2 is let in
Tue 10:10:05 asha: Deploying pods of Release glific-2 are asked for
Tue 10:10:15 asha: Converging pods of Release glific-2 are not ready
Tue 10:10:45 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:45 asha: Probing it held; now it is asked as its users ask
Tue 10:15:50 asha: Finished Release glific-2 is verified
Tue 10:15:55 stable: asha: Verified on Release glific-2
Tue 10:15:55 stable: Release glific-2 is verified by 1 Organisation
Tue 10:15:55 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 1 Organisation; it does not reach 5 Organisations: see status.unreached

stable: RolledOut, verified glific-2, wave canary
asha: serves glific-2, Verified glific-2; pods replaced 1 times
bhumi: serves glific-1, untouched; pods replaced 0 times
goonj: serves glific-1, untouched; pods replaced 0 times
pratham: serves glific-1, untouched; pods replaced 0 times
sneha: serves glific-1, untouched; pods replaced 0 times
udaan: serves glific-1, untouched; pods replaced 0 times
