package gatewright.change.features_test

import rego.v1

import data.gatewright.change.features
import data.gatewright.question_test

test_a_feature_whose_conditions_hold_is_not_denied if {
	count(features.deny) == 0 with input as _asked with data.gatewright.features as _reserve({})
}

test_what_is_not_held_in_reserve_is_not_asked_about if {
	count(features.deny) == 0 with input as question_test.setting("Device.WiFi.Radio.{i}.Channel", 6)
		with data.gatewright.features as _reserve({"plans": []})
}

test_another_plan_does_not_have_the_feature if {
	features.deny == {_denied("features.not_in_plan")} with input as _asked
		with data.gatewright.features as _reserve({"plans": ["gold"]})
	every plan in [null, "", 1, ["basic"]] {
		asked := object.union(_asked, {"service_plan": plan})
		features.deny == {_denied("features.not_in_plan")} with input as asked with data.gatewright.features as _reserve({})
	}
}

test_another_model_or_firmware_is_not_certified if {
	every device in [
		{"firmware": "2.0"},
		{"firmware": null},
		{"model": "G2"},
		{"model": null},
		{"manufacturer": "Other"},
		{"manufacturer": null},
	] {
		asked := object.union(_asked, {"device": device})
		features.deny == {_denied("features.not_certified")} with input as asked
			with data.gatewright.features as _reserve({})
	}
}

test_another_country_does_not_have_the_feature if {
	every country in ["US", null, "", 1] {
		asked := object.union(_asked, {"device": {"country": country}})
		features.deny == {_denied("features.not_in_country")} with input as asked
			with data.gatewright.features as _reserve({})
	}
}

test_another_role_may_not_touch_it if {
	every roles in [[], ["approver"], [null], null] {
		asked := object.union(_asked, {"asker": {"roles": roles}})
		features.deny == {_denied("features.not_for_role")} with input as asked with data.gatewright.features as _reserve({})
	}
}

test_a_role_is_not_asked_for_to_put_back if {
	asked := object.union(_asked, {"asker": {"roles": []}, "point": "rollback"})
	count(features.deny) == 0 with input as asked with data.gatewright.features as _reserve({})
}

test_what_does_not_matter_is_not_asked_about if {
	open := {"certified": "any", "countries": "any", "plans": "any", "roles": "any"}
	bare := {"plan": _asked.plan}
	count(features.deny) == 0 with input as bare with data.gatewright.features as _reserve(open)
}

test_a_feature_without_its_conditions_denies_for_all_of_them if {
	question_test.codes(features.deny) == {
		"features.not_certified", "features.not_for_role",
		"features.not_in_country", "features.not_in_plan",
	} with input as _asked with data.gatewright.features as {"tea": {"templates": [_template]}}
}

test_without_a_list_everything_is_denied if {
	every reserve in [null, [], "any"] {
		features.deny == {{"code": "features.list_missing", "path": ""}} with input as _asked
			with data.gatewright.features as reserve
	}
}

test_an_empty_list_holds_nothing_in_reserve if {
	count(features.deny) == 0 with input as _asked with data.gatewright.features as {}
}

test_as_shipped_only_a_business_gets_an_exposed_host if {
	asked := question_test.setting("Device.Firewall.DMZ.{i}.Enable", true)
	question_test.codes(features.deny) == {"features.not_in_plan"} with input as asked
	count(features.deny) == 0 with input as object.union(asked, {"service_plan": "business"})
}

_template := "Device.Firewall.DMZ.{i}.Enable"

_asked := question_test.setting(_template, true)

_denied(code) := {"code": code, "path": question_test.concrete(_template), "about": {"feature": "tea"}}

_reserve(other) := {"tea": object.union(
	{
		"certified": {"Acme": {"G1": ["1.0", "1.1"]}},
		"countries": ["DE"],
		"plans": ["basic"],
		"roles": ["support"],
		"templates": [_template],
	},
	other,
)}
