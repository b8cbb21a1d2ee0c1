package settings

import (
	"fmt"
	"strings"
	"testing"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

func updating(strategy v1alpha1.UpdateStrategy) *v1alpha1.Release {
	return &v1alpha1.Release{Spec: v1alpha1.ReleaseSpec{Update: v1alpha1.UpdateSpec{Strategy: strategy}}}
}

func TestSurge(t *testing.T) {
	for sentence, test := range map[string]struct {
		strategy   v1alpha1.UpdateStrategy
		disruption v1alpha1.Disruption
		want       int32
	}{
		"nothing said":                   {"", v1alpha1.DisruptionNone, 1},
		"new pods first":                 {v1alpha1.UpdateOverlap, v1alpha1.DisruptionNone, 1},
		"an app that cannot run twice":   {v1alpha1.UpdateRecreate, v1alpha1.DisruptionNone, 0},
		"an NGO that allows a gap":       {v1alpha1.UpdateOverlap, v1alpha1.DisruptionBrief, 0},
		"both":                           {v1alpha1.UpdateRecreate, v1alpha1.DisruptionBrief, 0},
		"an NGO that allows a gap, only": {"", v1alpha1.DisruptionBrief, 0},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := (Settings{Disruption: test.disruption}).Surge(updating(test.strategy)); got != test.want {
				t.Errorf("surge %d, want %d", got, test.want)
			}
		})
	}
}

func TestPoolSize(t *testing.T) {
	for sentence, test := range map[string]struct {
		limit, replicas int32
		strategy        v1alpha1.UpdateStrategy
		want            int32
	}{
		"small, one pod and one more during updates":   {20, 1, v1alpha1.UpdateOverlap, 3},
		"small, one pod alone":                         {20, 1, v1alpha1.UpdateRecreate, 7},
		"medium, two pods":                             {40, 2, v1alpha1.UpdateOverlap, 5},
		"large, five pods":                             {80, 5, v1alpha1.UpdateOverlap, 5},
		"the least that admission lets through":        {9, 1, v1alpha1.UpdateRecreate, 2},
		"the least for two pods at once":               {14, 1, v1alpha1.UpdateOverlap, 2},
		"what does not divide is left over":            {19, 1, v1alpha1.UpdateOverlap, 3},
		"no replicas are counted as one":               {20, 0, v1alpha1.UpdateRecreate, 7},
		"a thousand connections":                       {1000, 20, v1alpha1.UpdateOverlap, 23},
		"one pod and all that a role can have at once": {1000, 1, v1alpha1.UpdateRecreate, 497},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, err := Settings{ConnectionLimit: test.limit, Replicas: test.replicas}.PoolSize(updating(test.strategy))
			if got != test.want || err != nil {
				t.Errorf("pool size %d, %v; want %d", got, err, test.want)
			}
		})
	}
}

// For every limit and number of pods: what all pods, the migration and a console may
// open together fits the limit, one more in each pool would not, and an error names the
// smallest limit that does.
func TestPoolSizeFillsTheLimitAndNeverExceedsIt(t *testing.T) {
	release := updating(v1alpha1.UpdateRecreate)
	together := func(pods, pool int32) int32 { return pods*(2*pool+1) + 4 }
	for pods := int32(1); pods <= 21; pods++ {
		for limit := int32(0); limit <= 1000; limit++ {
			set := Settings{ConnectionLimit: limit, Replicas: pods}
			pool, err := set.PoolSize(release)
			least := together(pods, 2)
			switch {
			case (err != nil) != (limit < least):
				t.Fatalf("limit %d, %d pods: error %v, but %d are needed", limit, pods, err, least)
			case err != nil && !strings.Contains(err.Error(), fmt.Sprintf("at least %d ", least)):
				t.Fatalf("limit %d, %d pods: %v; want %d named", limit, pods, err, least)
			case err == nil && (together(pods, pool) > limit || together(pods, pool+1) <= limit):
				t.Fatalf("limit %d, %d pods: pool size %d", limit, pods, pool)
			}
		}
	}
}

func TestTooFewConnectionsNameTheField(t *testing.T) {
	_, err := Settings{ConnectionLimit: 20, Replicas: 9}.PoolSize(updating(v1alpha1.UpdateOverlap))
	want := "spec.database.connectionLimit: 20 connections are too few for 10 pods at once (replicas and surge); at least 54 are needed, or fewer replicas"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
