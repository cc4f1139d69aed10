package gatewright.change.management_test

import rego.v1

import data.gatewright.change.management
import data.gatewright.question_test

test_nobody_changes_what_manages_the_device if {
	every template in _families {
		locked := {"code": "management.locked", "path": question_test.concrete(template)}
		management.deny == {locked} with input as question_test.setting(template, "x")
	}
}

test_machines_and_language_models_hear_that_it_is_out_of_reach if {
	every who in [
		{"asker": {"kind": "machine"}},
		{"asker": {"kind": null}},
		{"author": "llm_composed"},
		{"author": "llm_chosen"},
		{"author": null},
	] {
		asked := object.union(question_test.setting("Device.ManagementServer.URL", "x"), who)
		question_test.codes(management.deny) == {"management.locked", "management.out_of_reach"} with input as asked
	}
}

test_a_broken_glass_opens_nothing_here if {
	glass := {"by": "olga", "expires_in_seconds": 60, "ticket": "INC-7"}
	asked := object.union(question_test.setting("Device.ManagementServer.URL", "x"), {"break_glass": glass})
	question_test.codes(management.deny) == {"management.locked"} with input as asked
}

test_commands_and_objects_are_out_of_reach_too if {
	asked := object.union(question_test.asked, {"plan": question_test.plan("delete", "Device.Users.User.{i}.", {})})
	question_test.codes(management.deny) == {"management.locked"} with input as asked
}

test_other_paths_are_not_spoken_of if {
	every template in ["Device.ManagementServerX.URL", "Device.UPnP.Device.UPnPIGD", "Device.WiFi.Radio.{i}.Channel"] {
		count(management.deny) == 0 with input as question_test.setting(template, "x")
	}
}

_families := {
	"Device.BulkData.Profile.{i}.HTTP.URL",
	"Device.CWMPManagementServer.URL",
	"Device.DeviceInfo.VendorConfigFile.{i}.Restore()",
	"Device.LANConfigSecurity.ConfigPassword",
	"Device.LocalAgent.Controller.{i}.Enable",
	"Device.ManagementServer.ConnectionRequestPassword",
	"Device.ManagementServer.PeriodicInformInterval",
	"Device.MQTT.Client.{i}.BrokerAddress",
	"Device.RadSecProxy.Enable",
	"Device.SSH.Enable",
	"Device.STOMP.Connection.{i}.Host",
	"Device.Security.Certificate.{i}.Enable",
	"Device.USPServices.Trust",
	"Device.UnixDomainSockets.UnixDomainSocket.{i}.Path",
	"Device.UPnP.Device.UPnPDMBasicMgmt",
	"Device.UPnP.Device.UPnPDMConfigurationMgmt",
	"Device.UPnP.Device.UPnPDMSoftwareMgmt",
	"Device.UserInterface.RemoteAccess.Enable",
	"Device.Users.User.{i}.Password",
	"Device.WebSocket.Enable",
	"Device.XMPP.Connection.{i}.Enable",
}
