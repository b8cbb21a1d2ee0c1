Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: = Waiting - spec.waves is empty, so nothing moves
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: Release glific-1 is superseded by glific-2

stable: Waiting, verified , wave 
asha: serves glific-1, untouched; pods replaced 0 times
pratham: serves glific-1, untouched; pods replaced 0 times
sneha: serves glific-1, untouched; pods replaced 0 times
