using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Tests.Unit.Console.Forms;

public sealed class AppDraftTests
{
    /// <summary>The example that every reader of Marathon's documentation knows, in its old spelling.</summary>
    private const string Classic = """
        {
          "id": "/webapp", "cmd": "httpd", "cpus": 0.5, "mem": 64, "instances": 3,
          "container": {
            "type": "DOCKER",
            "docker": { "image": "busybox", "network": "BRIDGE", "portMappings": [{ "containerPort": 8080, "hostPort": 0, "servicePort": 9000, "protocol": "tcp" }] }
          },
          "healthChecks": [{ "protocol": "HTTP", "path": "/health", "portIndex": 0, "delaySeconds": 2 }],
          "x-owner": { "team": "shop" }
        }
        """;

    [Fact]
    public void Draft_filled_by_form_alone_is_a_valid_docker_app_with_port_and_health_check()
    {
        var draft = AppDraft.New();
        draft.Form.Id = "/webapp";
        draft.Form.Runtime = ContainerRuntime.Docker;
        draft.Form.Image = "nginx";
        draft.Form.Instances = "3";
        draft.Form.Network = FormNetwork.Bridge;
        draft.Form.Ports.Add(new PortRow { ContainerPort = "80", HostPort = "0" });
        draft.Form.HealthChecks.Add(new HealthCheckRow { Path = "/", Port = "0", IntervalSeconds = "10" });
        draft.FormChanged();

        Assert.False(draft.Check().Any);
        var errors = new FieldErrors();
        var app = AppParser.Parse(draft.ToChange().Body, null, errors);
        Assert.False(errors.Any, string.Join('\n', errors.All));
        Assert.Null(app.Cmd);
        Assert.Equal("nginx", app.Container!.Docker!.Image);
        Assert.False(app.IsHostNetworking);
        Assert.Equal((80, 0), (app.Container.PortMappings![0].ContainerPort, app.Container.PortMappings[0].HostPort!.Value));
        Assert.Equal(("HTTP", "/", 0, 10), (app.HealthChecks[0].Protocol, app.HealthChecks[0].Path, app.HealthChecks[0].PortIndex!.Value, app.HealthChecks[0].IntervalSeconds));
        Assert.Equal(3, app.Instances);
    }

    [Fact]
    public void Draft_given_classic_json_shows_it_in_the_form()
    {
        var draft = AppDraft.New();
        draft.TextChanged(Classic);

        Assert.Null(draft.TextProblem);
        var form = draft.Form;
        Assert.Equal(("/webapp", "httpd", "0.5", "64", "3"), (form.Id, form.Cmd, form.Cpus, form.Mem, form.Instances));
        Assert.Equal((ContainerRuntime.Docker, FormNetwork.Bridge, "busybox"), (form.Runtime, form.Network, form.Image));
        Assert.Equal(("8080", "0"), (form.Ports[0].ContainerPort, form.Ports[0].HostPort));
        Assert.Equal(("/health", "0"), (form.HealthChecks[0].Path, form.HealthChecks[0].Port));
    }

    [Fact]
    public void Draft_changed_in_the_form_keeps_unknown_keys_order_and_old_spellings()
    {
        var draft = AppDraft.New();
        draft.TextChanged(Classic);
        draft.Form.Instances = "5";
        draft.Form.HealthChecks[0].Path = "/alive";
        draft.FormChanged();

        var expected = JsonNode.Parse(Classic)!.AsObject();
        expected["instances"] = 5;
        expected["healthChecks"]![0]!["path"] = "/alive";
        Assert.Equal(expected.Select(field => field.Key), JsonNode.Parse(draft.Text)!.AsObject().Select(field => field.Key));
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(draft.Text)), draft.Text);
    }

    [Fact]
    public void Draft_whose_ports_change_moves_them_to_the_new_spelling_and_keeps_their_other_keys()
    {
        var draft = AppDraft.New();
        draft.TextChanged(Classic);
        draft.Form.Ports[0].Name = "web";
        draft.FormChanged();

        var document = JsonNode.Parse(draft.Text)!;
        Assert.Null(document["container"]!["docker"]!["portMappings"]);
        var mapping = document["container"]!["portMappings"]![0]!;
        Assert.Equal(("web", 9000), (mapping["name"]!.GetValue<string>(), mapping["servicePort"]!.GetValue<int>()));
    }

    [Fact]
    public void Draft_moved_to_the_host_network_has_port_definitions_and_nothing_of_the_bridge()
    {
        var draft = AppDraft.New();
        draft.TextChanged(Classic);
        draft.Form.Network = FormNetwork.Host;
        draft.FormChanged();

        var document = JsonNode.Parse(draft.Text)!;
        Assert.Equal("host", document["networks"]![0]!["mode"]!.GetValue<string>());
        Assert.Null(document["container"]!["docker"]!["network"]);
        Assert.Null(document["container"]!["portMappings"]);
        Assert.Equal(["port", "protocol"], document["portDefinitions"]![0]!.AsObject().Select(field => field.Key).Order());
    }

    [Theory]
    [InlineData("{ \"id\": \"/a\", ", "Line 1")]
    [InlineData("[]", "one JSON object")]
    [InlineData("{ \"id\": \"/a\", \"id\": \"/b\" }", "id")]
    public void Draft_given_broken_json_says_why_and_keeps_the_form(string text, string said)
    {
        var draft = AppDraft.New();
        draft.TextChanged(Classic);
        draft.TextChanged(text);

        Assert.Contains(said, draft.TextProblem, StringComparison.Ordinal);
        Assert.Equal(text, draft.Text);
        Assert.Equal("/webapp", draft.Form.Id);

        draft.TextChanged("""{ "id": "/b" }""");
        Assert.Null(draft.TextProblem);
        Assert.Equal("/b", draft.Form.Id);
    }

    [Fact]
    public void Draft_given_a_number_as_words_shows_it_and_complains_at_the_field()
    {
        var draft = AppDraft.New();
        draft.TextChanged("""{ "id": "/a", "cmd": "x", "cpus": "many" }""");

        Assert.Equal("many", draft.Form.Cpus);
        Assert.NotEmpty(draft.Check().At("/cpus"));
    }

    [Fact]
    public void Draft_of_an_edit_sends_the_difference_only()
    {
        var draft = AppDraft.Edit(Parse("""{ "id": "/a", "cmd": "sleep 1", "labels": { "a": "1" } }"""));
        Assert.False(draft.IsChanged);
        draft.Form.Instances = "4";
        draft.Form.Labels.Add(new PairRow { Key = "b", Value = "2" });
        draft.FormChanged();

        var change = draft.ToChange();
        Assert.True(draft.IsChanged);
        Assert.True(change.IsPartial);
        Assert.Equal("""{"instances":4,"labels":{"a":"1","b":"2"}}""", Sorted(change.Body));
    }

    [Fact]
    public void Draft_of_an_edit_that_takes_a_field_away_replaces_the_whole()
    {
        var draft = AppDraft.Edit(Parse("""{ "id": "/a", "cmd": "sleep 1", "constraints": [["hostname", "UNIQUE"]] }"""));
        draft.Form.Constraints = "";
        draft.FormChanged();

        var change = draft.ToChange();
        Assert.False(change.IsPartial);
        Assert.False(change.Body.TryGetProperty("constraints", out _));
        Assert.Equal("sleep 1", change.Body.GetProperty("cmd").GetString());
    }

    [Fact]
    public void Draft_of_an_edit_always_repeats_limits_which_an_update_would_clear()
    {
        var draft = AppDraft.Edit(Parse("""{ "id": "/a", "cmd": "sleep 1", "cpus": 1, "resourceLimits": { "cpus": "unlimited" } }"""));
        draft.Form.Instances = "2";
        draft.FormChanged();

        Assert.Equal("unlimited", draft.ToChange().Body.GetProperty("resourceLimits").GetProperty("cpus").GetString());
    }

    [Fact]
    public void Draft_without_runtime_loses_the_container_but_keeps_volumes()
    {
        var draft = AppDraft.New();
        draft.TextChanged("""{ "id": "/a", "cmd": "x", "container": { "type": "DOCKER", "docker": { "image": "i" } } }""");
        draft.Form.Runtime = ContainerRuntime.None;
        draft.FormChanged();
        Assert.DoesNotContain("container", draft.Text, StringComparison.Ordinal);

        draft.TextChanged("""{ "id": "/a", "cmd": "x", "container": { "type": "DOCKER", "docker": { "image": "i" }, "volumes": [{ "containerPath": "/d", "hostPath": "/srv", "mode": "RO" }] } }""");
        draft.Form.Runtime = ContainerRuntime.None;
        draft.FormChanged();
        Assert.Equal("MESOS", JsonNode.Parse(draft.Text)!["container"]!["type"]!.GetValue<string>());
        Assert.Equal("/srv", draft.Form.Volumes[0].HostPath);
    }

    [Fact]
    public void Draft_with_a_secret_in_the_environment_shows_its_source_and_keeps_it()
    {
        var draft = AppDraft.New();
        draft.TextChanged("""{ "id": "/a", "cmd": "x", "env": { "DB": { "secret": "db" }, "LEVEL": "1" } }""");
        Assert.Equal(["db", null], draft.Form.Env.Select(row => row.Secret));

        draft.Form.Env[1].Value = "2";
        draft.FormChanged();

        var env = JsonNode.Parse(draft.Text)!["env"]!;
        Assert.Equal(("db", "2"), (env["DB"]!["secret"]!.GetValue<string>(), env["LEVEL"]!.GetValue<string>()));
    }

    [Fact]
    public void Draft_with_a_comma_in_a_constraint_keeps_it_whole()
    {
        var draft = AppDraft.New();
        draft.Form.Constraints = "hostname:LIKE:a{1,2}, rack:GROUP_BY:3\nhostname:UNIQUE";
        draft.FormChanged();

        Assert.Equal("""[["hostname","LIKE","a{1,2}"],["rack","GROUP_BY","3"],["hostname","UNIQUE"]]""", JsonNode.Parse(draft.Text)!["constraints"]!.ToJsonString());
    }

    [Fact]
    public void Draft_with_uris_changed_keeps_how_the_others_are_fetched()
    {
        var draft = AppDraft.New();
        draft.TextChanged("""{ "id": "/a", "cmd": "x", "fetch": [{ "uri": "http://a/x.tgz", "extract": false }] }""");
        draft.Form.Uris += ", http://b/y";
        draft.FormChanged();

        Assert.Equal("""[{"uri":"http://a/x.tgz","extract":false},{"uri":"http://b/y"}]""", JsonNode.Parse(draft.Text)!["fetch"]!.ToJsonString());
    }

    [Fact]
    public void Draft_with_several_networks_leaves_them_to_the_json()
    {
        var draft = AppDraft.New();
        draft.TextChanged("""{ "id": "/a", "cmd": "x", "networks": [{ "mode": "container", "name": "a" }, { "mode": "container", "name": "b" }] }""");
        Assert.Equal(FormNetwork.Several, draft.Form.Network);
        draft.Form.Cmd = "y";
        draft.FormChanged();

        Assert.Equal(2, JsonNode.Parse(draft.Text)!["networks"]!.AsArray().Count);
    }

    [Fact]
    public void Draft_copied_from_an_app_is_a_new_one_without_server_fields()
    {
        var draft = AppDraft.CopyOf(Parse("""{ "id": "/a", "cmd": "sleep 1" }""") with { Version = DateTimeOffset.UnixEpoch });

        Assert.Null(draft.AppId);
        Assert.Equal("/a-copy", draft.Form.Id);
        Assert.DoesNotContain("version", draft.Text, StringComparison.Ordinal);
        Assert.False(draft.ToChange().IsPartial);
    }

    private static Core.Contract.Apps.AppDefinition Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return AppParser.Parse(document.RootElement, null, new FieldErrors());
    }

    private static string Sorted(JsonElement body) => new JsonObject(body.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Name, JsonNode.Parse(field.Value.GetRawText())))).ToJsonString();
}
