package gatewright.change.radio_test

import rego.v1

import data.gatewright.change.radio
import data.gatewright.question_test

test_a_free_channel_is_neither_denied_nor_reviewed if {
	count(radio.deny) == 0 with input as _channel(6, _radio)
	count(radio.review) == 0 with input as _channel(6, _radio)
}

test_a_channel_of_another_country_is_denied if {
	every country, channel in {"US": 13, "DE": 14, "JP": 149, "GB": 144} {
		at := object.union(_radio, {"country": country, "band": _band(channel)})
		asked := object.union(_channel(channel, at), {"device": {"country": country}})
		question_test.codes(radio.deny) == {"radio.channel_not_allowed"} with input as asked
	}
}

test_each_country_has_its_own_channels if {
	every country, channel in {
		"DE": 13, "FR": 13, "NL": 13, "ES": 13, "IT": 13, "PL": 13,
		"GB": 149, "US": 149, "JP": 13,
	} {
		at := object.union(_radio, {"country": country, "band": _band(channel)})
		asked := object.union(_channel(channel, at), {"device": {"country": country}})
		count(radio.deny) == 0 with input as asked
	}
}

test_a_denied_channel_says_what_and_where if {
	radio.deny == {{
		"code": "radio.channel_not_allowed", "path": "Device.WiFi.Radio.1.Channel",
		"about": {"band": "2.4GHz", "channel": 14, "width": "20MHz"},
	}} with input as _channel(14, _radio)
}

# Rego orders null and booleans below every number, and texts above: none of them is a channel.
test_a_channel_that_is_no_number_is_denied if {
	every after in [null, false, "6", {}] {
		question_test.codes(radio.deny) == {"radio.channel_not_allowed"} with input as _channel(after, _radio)
	}
}

test_a_channel_shared_with_radar_is_reviewed if {
	at := object.union(_radio, {"band": "5GHz"})

	count(radio.deny) == 0 with input as _channel(52, at)
	question_test.codes(radio.review) == {"radio.channel_shared_with_radar"} with input as _channel(52, at)
}

test_a_block_that_touches_radar_is_reviewed if {
	every width in ["160MHz", "automatic"] {
		at := object.union(_radio, {"band": "5GHz", "width": width})
		question_test.codes(radio.review) == {"radio.channel_shared_with_radar"} with input as _channel(36, at)
	}
}

test_a_width_that_the_channel_does_not_take_is_denied if {
	at := object.union(_radio, {"band": "5GHz", "channel": 140, "width": "80MHz"})
	asked := object.union(question_test.setting(_width, "80MHz"), {"radios": {_at: at}})

	question_test.codes(radio.deny) == {"radio.channel_not_allowed"} with input as asked
}

test_an_unknown_width_or_band_is_denied if {
	every lack in [{"width": "17MHz"}, {"width": null}, {"band": null}, {"band": "60GHz"}] {
		asked := _channel(6, object.union(_radio, lack))
		question_test.codes(radio.deny) == {"radio.channel_not_allowed"} with input as asked
	}
}

test_an_unknown_country_is_denied_for_every_parameter if {
	every country in [null, "", "XX", 1] {
		every template in radio.covers {
			asked := object.union(question_test.setting(template, -1), {
				"radios": {_at: object.union(_radio, {"country": null})},
				"device": {"country": country},
			})
			"radio.country_unknown" in question_test.codes(radio.deny) with input as asked
		}
	}
}

test_a_radio_that_does_not_say_stands_where_its_home_does if {
	count(radio.deny) == 0 with input as _channel(13, object.union(_radio, {"country": null}))
}

test_a_radio_nobody_described_is_denied if {
	every template in radio.covers {
		asked := question_test.setting(template, 6)
		"radio.country_unknown" in question_test.codes(radio.deny) with input as asked
	}
}

test_a_change_to_nothing_of_a_radio_nowhere_is_denied if {
	every template in radio.covers {
		changes := {template: [{"path": "p"}]}
		every radios in [null, {}, {_at: {}}] {
			asked := {"plan": {"changes": changes}, "radios": radios}
			"radio.country_unknown" in question_test.codes(radio.deny) with input as asked
		}
		"radio.country_unknown" in question_test.codes(radio.deny) with input as {"plan": {"changes": changes}}
	}
}

test_a_power_of_nothing_is_denied if {
	changes := {"Device.WiFi.Radio.{i}.TransmitPower": [{"path": "p"}]}
	"radio.power_out_of_range" in question_test.codes(radio.deny) with input as {"plan": {"changes": changes}}
}

test_a_radio_set_to_another_country_is_denied if {
	radio.deny == {{
		"code": "radio.country_mismatch", "path": _at,
		"about": {"radio": "US", "inventory": "DE"},
	}} with input as _channel(6, object.union(_radio, {"country": "US"}))
}

test_power_within_the_limits_is_not_denied if {
	every power in [-1, 10, 55, 100] {
		count(radio.deny) == 0 with input as _powered(power)
	}
}

test_power_out_of_range_is_denied if {
	every power in [null, true, "50", -2, 0, 9, 101, {}] {
		question_test.codes(radio.deny) == {"radio.power_out_of_range"} with input as _powered(power)
	}
}

test_missing_limits_deny if {
	every limits in [{}, {"min": null, "max": 100}, {"min": 0, "max": null}] {
		tables := {"eu": {"2.4GHz": {"power_percent": limits}}}
		"radio.power_out_of_range" in question_test.codes(radio.deny) with input as _powered(50)
			with data.gatewright.regulatory as {"countries": {"DE": "eu"}, "tables": tables}
	}
}

test_missing_tables_deny if {
	expected := {"radio.country_unknown", "radio.channel_not_allowed"}
	question_test.codes(radio.deny) == expected with input as _channel(6, _radio) with data.gatewright.regulatory as {}
}

_at := "Device.WiFi.Radio.1."

_width := "Device.WiFi.Radio.{i}.OperatingChannelBandwidth"

_radio := {"band": "2.4GHz", "country": "DE", "channel": 6, "width": "20MHz"}

_channel(after, at) := object.union(
	question_test.setting("Device.WiFi.Radio.{i}.Channel", after),
	{"radios": {_at: object.union(at, {"channel": after})}},
)

_powered(after) := object.union(
	question_test.setting("Device.WiFi.Radio.{i}.TransmitPower", after),
	{"radios": {_at: _radio}},
)

_band(channel) := "5GHz" if {
	channel > 14
} else := "2.4GHz"
