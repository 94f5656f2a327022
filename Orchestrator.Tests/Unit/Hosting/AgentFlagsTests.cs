using Orchestrator.AgentService.Hosting;
using Orchestrator.AgentService.Link;
using Orchestrator.Core.Runtime.Flags;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Hosting;

public sealed class AgentFlagsTests
{
    private static readonly Dictionary<string, string> s_nothing = [];

    private static AgentFlags Parse(params string[] more) => AgentFlags.Parse(["--master=10.0.0.1:5050", "--work_dir=/tmp/w", .. more], s_nothing);

    private static string Error(params string[] arguments) => Assert.Throws<FlagException>(() => Parse(arguments)).Message;

    [Fact]
    public void Values_in_every_form_are_read()
    {
        var flags = AgentFlags.Parse(["--master", "10.0.0.1:5050", "--work_dir=/tmp/w/", "--port=0", "--no-switch_user", "--shutdown_tasks_on_exit"], s_nothing);

        Assert.Equal("http://10.0.0.1:5050/", flags.Masters.Single().ToString());
        Assert.Equal("/tmp/w", flags.WorkDirectory);
        Assert.False(flags.Values.IsSet("switch_user"));
        Assert.True(flags.Values.IsSet("shutdown_tasks_on_exit"));
        Assert.Equal(["mesos"], flags.Containerizers);
    }

    [Theory]
    [InlineData("/run/docker.sock")]
    [InlineData("unix:///run/docker.sock")]
    public void Socket_of_docker_is_a_path(string text) => Assert.Equal("/run/docker.sock", Parse("--docker_socket=" + text).DockerSocket);

    [Fact]
    public void Environment_is_read_and_the_command_line_wins()
    {
        var environment = new Dictionary<string, string> { ["MESOS_HOSTNAME"] = "from-env", ["MESOS_PORT"] = "7000", ["MESOS_ISOLATION"] = "cgroups/cpu", ["MESOS_SANDBOX"] = "/x" };
        var flags = AgentFlags.Parse(["--master=m:1", "--work_dir=/w", "--port=7001"], environment);

        Assert.Equal("from-env", flags.Values.Get("hostname"));
        Assert.Equal(7001, flags.Port);
        Assert.Contains("MESOS_ISOLATION", Assert.Single(flags.Values.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void File_value_is_read_from_the_file()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "credential");
        File.WriteAllText(path, """{"principal":"agent","secret":"pässword"}""");

        var header = Parse($"--credential=file://{path}").Credential!.Parameter!;
        Assert.Equal("agent:pässword", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(header)));
        Assert.Equal(header, Parse($"--credential={path}").Credential!.Parameter);
    }

    [Theory]
    [InlineData("--work_dri=/x", "did you mean --work_dir?")]
    [InlineData("--isolation=cgroups/cpu", "does not support")]
    [InlineData("--frobnicate=1", "is no flag")]
    [InlineData("work_dir", "is no flag")]
    [InlineData("--hostname", "needs a value")]
    [InlineData("--port=70000", "--port=70000")]
    [InlineData("--port=x", "--port=x")]
    [InlineData("--ip=nonsense", "--ip")]
    [InlineData("--docker_socket=tcp://host:2375", "--docker_socket: 'tcp://host:2375' is no absolute path")]
    [InlineData("--docker_config=[]", "--docker_config: expected a JSON object")]
    [InlineData("--docker_remove_delay=soon", "--docker_remove_delay=soon")]
    [InlineData("--gc_delay=5", "for example 10mins")]
    [InlineData("--switch_user=maybe", "expected true or false")]
    [InlineData("--containerizers=rkt", "'rkt' is not known")]
    [InlineData("--resources=cpus:many", "cpus")]
    [InlineData("--master=zk://a:2181/mesos", "ZooKeeper")]
    [InlineData("--master=a b", "expected host:port")]
    [InlineData("--credential={}", "principal")]
    [InlineData("--credential=file:///does/not/exist", "/does/not/exist")]
    [InlineData("--executor_environment_variables=[1]", "--executor_environment_variables")]
    [InlineData("--policy=lenient", "one of baseline, restricted, privileged")]
    public void Bad_flag_is_refused_with_its_name_and_a_remedy(string argument, string expected) =>
        Assert.Contains(expected, Error(argument), StringComparison.Ordinal);

    [Fact]
    public void Missing_master_and_work_directory_are_named()
    {
        Assert.Contains("--master", Assert.Throws<FlagException>(() => AgentFlags.Parse(["--work_dir=/w"], s_nothing)).Message, StringComparison.Ordinal);
        Assert.Contains("--work_dir", Assert.Throws<FlagException>(() => AgentFlags.Parse(["--master=m:1"], s_nothing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_beyond_loopback_without_authentication_is_refused()
    {
        Assert.Contains("--insecure", Error("--ip=0.0.0.0"), StringComparison.Ordinal);
        Assert.True(Parse("--ip=0.0.0.0", "--insecure").Values.IsSet("insecure"));
        const string credentials = """--http_credentials={"credentials":[{"principal":"p","secret":"s"}]}""";
        Assert.Equal("s", Parse("--ip=0.0.0.0", "--authenticate_http_readonly", "--authenticate_http_readwrite", credentials).HttpCredentials["p"]);
        Assert.Contains("--http_credentials", Error("--ip=0.0.0.0", "--authenticate_http_readonly", "--authenticate_http_readwrite"), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_not_shown()
    {
        var shown = Parse("""--credential={"principal":"p","secret":"hush"}""").Values.Shown;
        Assert.DoesNotContain(shown.Values, value => value.Contains("hush", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("h:1", new[] { "http://h:1/" })]
    [InlineData("h", new[] { "http://h:5050/" })]
    [InlineData("master@10.1.1.1:5050", new[] { "http://10.1.1.1:5050/" })]
    [InlineData("https://h", new[] { "https://h/" })]
    [InlineData("[::1]:5051,http://b:80", new[] { "http://[::1]:5051/", "http://b/" })]
    public void Master_addresses_are_parsed(string text, string[] expected) =>
        Assert.Equal(expected, MasterAddress.Parse(text).Select(address => address.ToString()));

    [Fact]
    public void Resources_that_are_not_named_are_detected()
    {
        var resources = MachineResources.Complete(Parse("--resources=cpus:1.5;ports:[1-2]").Resources, "*", "/tmp");

        Assert.Equal(1500, resources.Scalar("cpus").Thousandths);
        Assert.Equal(new Orchestrator.Core.Resources.ValueRange(1, 2), Assert.Single(resources.Ranges("ports")));
        Assert.True(resources.Scalar("mem").Thousandths > 0);
        Assert.True(resources.Scalar("disk").Thousandths > 0);
        Assert.Equal((3072, 512), (MachineResources.UsableMemory(4096), MachineResources.UsableMemory(1024)));
        Assert.Equal((10240, 4096), (MachineResources.UsableDisk(15360), MachineResources.UsableDisk(8192)));
    }
}
