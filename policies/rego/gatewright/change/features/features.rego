# METADATA
# title: Capability held in reserve
# description: What a device could do, and a subscriber gets only with their plan, model and country
package gatewright.change.features

import rego.v1

import data.gatewright.features

# METADATA
# title: Nobody can tell what is held in reserve
# description: The list of features that are held in reserve is missing.
# custom:
#   code: features.list_missing
#   severity: deny
#   remedy: Put the list of features back into the policy data; it may be empty.
deny contains {"code": "features.list_missing", "path": ""} if not _listed

# METADATA
# title: Not in the service plan
# description: The feature {feature} is not in the service plan of this subscriber.
# custom:
#   code: features.not_in_plan
#   severity: deny
#   remedy: Enter the plan of the subscriber, or sell them one with this feature.
deny contains {"code": "features.not_in_plan", "path": gated.path, "about": {"feature": gated.feature}} if {
	some gated in _gated
	not _in_plan(gated)
}

# METADATA
# title: Not certified on this model and firmware
# description: The feature {feature} is not certified on this model with this firmware.
# custom:
#   code: features.not_certified
#   severity: deny
#   remedy: Have the feature certified there, or update the device first.
deny contains {"code": "features.not_certified", "path": gated.path, "about": {"feature": gated.feature}} if {
	some gated in _gated
	not _certified(gated)
}

# METADATA
# title: Not in this country
# description: The feature {feature} is not offered in the country that the device stands in.
# custom:
#   code: features.not_in_country
#   severity: deny
#   remedy: Enter the country of the device, if that is what is missing.
deny contains {"code": "features.not_in_country", "path": gated.path, "about": {"feature": gated.feature}} if {
	some gated in _gated
	not _in_country(gated)
}

# METADATA
# title: Not for this role
# description: No role of the one who asks may touch what belongs to the feature {feature}.
# custom:
#   code: features.not_for_role
#   severity: deny
#   remedy: Hand this over to somebody whose role may.
deny contains {"code": "features.not_for_role", "path": gated.path, "about": {"feature": gated.feature}} if {
	not input.point == "rollback"
	some gated in _gated
	not _for_role(gated)
}

_listed if is_object(features)

_gated contains {"feature": name, "path": change.path} if {
	some name, feature in features
	some template in feature.templates
	changes := input.plan.changes[template]
	some change in changes
}

_in_plan(gated) if features[gated.feature].plans == "any"

_in_plan(gated) if {
	is_string(input.service_plan)
	input.service_plan in features[gated.feature].plans
}

_certified(gated) if features[gated.feature].certified == "any"

_certified(gated) if {
	device := input.device
	is_string(device.firmware)
	device.firmware in features[gated.feature].certified[device.manufacturer][device.model]
}

_in_country(gated) if features[gated.feature].countries == "any"

_in_country(gated) if {
	is_string(input.device.country)
	input.device.country in features[gated.feature].countries
}

_for_role(gated) if features[gated.feature].roles == "any"

_for_role(gated) if {
	some role in input.asker.roles
	is_string(role)
	role in features[gated.feature].roles
}
