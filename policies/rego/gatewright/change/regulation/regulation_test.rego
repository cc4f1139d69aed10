package gatewright.change.regulation_test

import rego.v1

import data.gatewright.change.regulation
import data.gatewright.question_test

test_what_a_radio_obeys_the_law_by_is_not_changed if {
	every template in [
		"Device.WiFi.Radio.{i}.IEEE80211hEnabled",
		"Device.WiFi.Radio.{i}.OperatingFrequencyBand",
		"Device.WiFi.Radio.{i}.RegulatoryDomain",
	] {
		every after in ["US ", true, false, null] {
			locked := {"code": "regulation.locked", "path": question_test.concrete(template)}
			regulation.deny == {locked} with input as question_test.setting(template, after)
		}
	}
}

test_a_channel_that_is_free_outdoors_too_is_not_asked_about if {
	every band, channel in {"2.4GHz": 13, "5GHz": 100} {
		asked := _channel({"band": band, "channel": channel})
		count(regulation.deny | regulation.review) == 0 with input as asked
	}
	asked := object.union(_channel({"band": "5GHz", "channel": 36, "country": "US"}), {"device": {"country": "US"}})
	count(regulation.deny | regulation.review) == 0 with input as asked
}

test_the_radio_knows_best_which_country_it_stands_in if {
	asked := _channel({"band": "5GHz", "channel": 36, "country": "US"})
	count(regulation.deny | regulation.review) == 0 with input as asked
}

test_of_a_place_nobody_noted_a_person_is_asked if {
	every band, channel in {"5GHz": 64, "6GHz": 1} {
		asked := _channel({"band": band, "channel": channel})
		count(regulation.deny) == 0 with input as asked
		regulation.review == {_asked} with input as asked
	}
}

test_a_width_is_asked_about_like_a_channel if {
	asked := object.union(
		question_test.setting("Device.WiFi.Radio.{i}.OperatingChannelBandwidth", "80MHz"),
		{"radios": {_at: object.union(_radio, {"channel": 44})}},
	)
	question_test.codes(regulation.review) == {"regulation.place_not_known"} with input as asked
}

test_a_machine_has_nobody_to_ask if {
	every kind in ["machine", null] {
		asked := object.union(_channel({}), {"asker": {"kind": kind}})
		regulation.deny == {{"code": "regulation.indoors_only", "path": _path}} with input as asked
		count(regulation.review) == 0 with input as asked
	}
}

test_a_radio_that_is_for_indoors_may_use_the_channel if {
	every kind in ["person", "machine"] {
		asked := object.union(_channel({"indoors": true}), {"asker": {"kind": kind}})
		count(regulation.deny | regulation.review) == 0 with input as asked
	}
}

test_a_radio_that_is_not_for_indoors_is_denied if {
	every indoors in [false, "yes", 0] {
		question_test.codes(regulation.deny) == {"regulation.indoors_only"} with input as _channel({"indoors": indoors})
	}
}

test_a_model_stands_where_it_was_made_to_stand if {
	acme := {"Acme": ["G1"]}
	count(regulation.deny | regulation.review) == 0 with input as _channel({})
		with data.gatewright.regulatory.placement as {"indoors": acme, "outdoors": {}}
	every indoors in [{}, acme] {
		question_test.codes(regulation.deny) == {"regulation.indoors_only"} with input as _channel({})
			with data.gatewright.regulatory.placement as {"indoors": indoors, "outdoors": acme}
	}
}

test_another_maker_s_model_of_that_name_is_another_model if {
	every device in [{"manufacturer": "Other"}, {"model": "G2"}, {"model": null}, {"manufacturer": null}] {
		asked := object.union(_channel({}), {"device": device})
		question_test.codes(regulation.review) == {"regulation.place_not_known"} with input as asked
			with data.gatewright.regulatory.placement as {"indoors": {"Acme": ["G1"]}, "outdoors": {}}
	}
}

test_without_a_list_of_places_the_channel_is_denied if {
	every placement in [{}, {"indoors": {}}, {"outdoors": null}] {
		question_test.codes(regulation.deny) == {"regulation.indoors_only"} with input as _channel({})
			with data.gatewright.regulatory.placement as placement
	}
}

test_without_tables_every_channel_is_for_indoors if {
	every tables in [{}, {"eu": {"2.4GHz": {}}}, {"eu": {"2.4GHz": {"indoors": null}}}] {
		asked := _channel({"band": "2.4GHz", "channel": 6})
		question_test.codes(regulation.review) == {"regulation.place_not_known"} with input as asked
			with data.gatewright.regulatory.tables as tables
	}
}

test_a_radio_nobody_described_is_denied if {
	every radios in [null, {}, {_at: {}}] {
		asked := {"asker": {"kind": "person"}, "plan": _channel({}).plan, "radios": radios}
		question_test.codes(regulation.deny) == {"regulation.indoors_only"} with input as asked
	}
}

test_a_radio_of_a_country_or_channel_nobody_knows_is_not_held_to_be_free if {
	every lack in [{"country": "XX"}, {"country": 1}, {"channel": null}, {"channel": "6"}, {"band": null}] {
		asked := _channel(object.union({"band": "2.4GHz", "channel": 6}, lack))
		question_test.codes(regulation.review) == {"regulation.place_not_known"} with input as asked
	}
}

test_a_radio_that_does_not_say_stands_where_its_home_does if {
	asked := _channel({"band": "2.4GHz", "channel": 6, "country": null})
	count(regulation.deny | regulation.review) == 0 with input as asked
}

test_nothing_is_said_of_nothing if {
	count(regulation.deny | regulation.review) == 0 with input as {}
}

_at := "Device.WiFi.Radio.1."

_path := "Device.WiFi.Radio.1.Channel"

_asked := {"code": "regulation.place_not_known", "path": _path, "group": "approvers"}

_radio := {"band": "5GHz", "channel": 36, "country": "DE", "indoors": null, "width": "20MHz"}

_channel(about) := object.union(
	question_test.setting("Device.WiFi.Radio.{i}.Channel", 36),
	{"radios": {_at: object.union(_radio, about)}},
)
