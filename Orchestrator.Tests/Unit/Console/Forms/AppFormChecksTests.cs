using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Tests.Unit.Console.Forms;

public sealed class AppFormChecksTests
{
    [Fact]
    public void Check_of_a_sound_form_finds_nothing() => Assert.False(AppFormChecks.Check(Sound()).Any);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/my app")]
    [InlineData("//web")]
    [InlineData("/Web")]
    [InlineData("/web_1")]
    [InlineData("/-web")]
    [InlineData("/shop/restart")]
    public void Check_of_a_bad_id_says_so_at_the_id(string id)
    {
        var form = Sound();
        form.Id = id;
        Assert.Single(AppFormChecks.Check(form).At("/id"));
    }

    [Theory]
    [InlineData("/cpus", "0.001")]
    [InlineData("/cpus", "lots")]
    [InlineData("/cpus", "NaN")]
    [InlineData("/mem", "31")]
    [InlineData("/disk", "-1")]
    [InlineData("/gpus", "0.5")]
    [InlineData("/instances", "-1")]
    [InlineData("/instances", "99999999999")]
    [InlineData("/backoffFactor", "0.9")]
    [InlineData("/upgradeStrategy/minimumHealthCapacity", "1.1")]
    [InlineData("/executor", "a//b")]
    public void Check_of_a_bad_value_says_so_at_its_field(string path, string text)
    {
        var form = Sound();
        ScalarField.All.Single(field => "/" + field.Path == path).Set(form, text);
        Assert.Single(AppFormChecks.Check(form).At(path));
        Assert.NotNull(FormProblems.SectionOf(path));
    }

    [Fact]
    public void Check_of_incomplete_rows_says_so_at_each()
    {
        var form = Sound();
        form.Runtime = ContainerRuntime.Docker;
        form.Image = "my image";
        form.Network = FormNetwork.Bridge;
        form.Ports = [new PortRow { ContainerPort = "70000", HostPort = "x" }];
        form.HealthChecks = [new HealthCheckRow { Protocol = "COMMAND" }, new HealthCheckRow { Port = "1" }, new HealthCheckRow { IsFixedPort = true, Port = "0" }];
        form.Volumes = [new VolumeRow(), new VolumeRow { Kind = VolumeKind.Persistent, ContainerPath = "d" }, new VolumeRow { Kind = VolumeKind.External, ContainerPath = "d" }];
        form.Env = [new PairRow { Value = "v" }, new PairRow { Key = "A" }, new PairRow { Key = "A" }];
        form.Constraints = "hostname:NEAR, rack";

        var problems = AppFormChecks.Check(form);

        string[] expected =
        [
            "/container/docker/image", "/container/portMappings(0)/hostPort", "/container/portMappings(0)/containerPort", "/env", "/env/A",
            "/healthChecks(0)/command/value", "/healthChecks(1)/portIndex", "/healthChecks(2)/port",
            "/container/volumes(0)/containerPath", "/container/volumes(0)/hostPath", "/container/volumes(1)/persistent/size", "/container/volumes(2)/external/name",
            "/constraints(0)",
        ];
        Assert.Equal(expected.Order(), problems.All.Select(problem => problem.Path).Order());
        Assert.Empty(problems.Elsewhere);
        Assert.Equal(3, problems.CountIn(FormSection.Health));
    }

    [Fact]
    public void Check_of_neither_command_nor_image_asks_for_one()
    {
        var form = Sound();
        form.Cmd = "";
        Assert.NotEmpty(AppFormChecks.Check(form).At("/cmd"));
        form.Runtime = ContainerRuntime.Docker;
        form.Image = "nginx";
        Assert.Empty(AppFormChecks.Check(form).At("/cmd"));
    }

    [Fact]
    public void Problems_at_fields_that_the_form_does_not_show_are_elsewhere()
    {
        var problems = new FormProblems([new("/", "a"), new("/readinessChecks(0)/path", "b"), new("/constraints(1)", "c"), new("/container/volumes(0)/persistent/profileName", "d")]);

        Assert.Equal(["/", "/readinessChecks(0)/path", "/container/volumes(0)/persistent/profileName"], problems.Elsewhere.Select(problem => problem.Path));
        Assert.Equal(["(1): c"], problems.Below("/constraints"));
    }

    private static AppForm Sound() => new() { Id = "/shop/web", Cmd = "sleep 1", Cpus = "0.1", Mem = "32", Instances = "1", HealthChecks = [new HealthCheckRow { Port = "0" }] };
}
