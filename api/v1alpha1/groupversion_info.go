// Package v1alpha1 is the vocabulary of the organisation operator: the kinds an
// engineer writes, and the conditions, reasons, labels and annotations they meet.
//
// +kubebuilder:object:generate=true
// +groupName=tenancy.glific.org
package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupVersion is the group and version of every kind in this package.
var GroupVersion = schema.GroupVersion{Group: "tenancy.glific.org", Version: "v1alpha1"}

// AddToScheme registers every kind of this package with a scheme.
var AddToScheme = schemeBuilder.AddToScheme

var schemeBuilder = runtime.NewSchemeBuilder(func(s *runtime.Scheme) error {
	s.AddKnownTypes(GroupVersion,
		&Organisation{}, &OrganisationList{},
		&OrganisationProfile{}, &OrganisationProfileList{},
		&Release{}, &ReleaseList{},
		&ReleaseChannel{}, &ReleaseChannelList{},
		&DatabaseServer{}, &DatabaseServerList{},
	)
	metav1.AddToGroupVersion(s, GroupVersion)
	return nil
})
