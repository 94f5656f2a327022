using Orchestrator.AgentService.Execution.Docker;

namespace Orchestrator.Tests.Unit.Execution.Docker;

public sealed class RunOptionsTests
{
    [Theory]
    [InlineData("add-host", "db:10.0.0.1", """{"ExtraHosts":["db:10.0.0.1"]}""")]
    [InlineData("cap-add", "NET_ADMIN", """{"CapAdd":["NET_ADMIN"]}""")]
    [InlineData("cap-drop", "ALL", """{"CapDrop":["ALL"]}""")]
    [InlineData("cpus", "1.5", """{"NanoCpus":1500000000}""")]
    [InlineData("device", "/dev/fuse", """{"Devices":[{"PathOnHost":"/dev/fuse","PathInContainer":"/dev/fuse","CgroupPermissions":"rwm"}]}""")]
    [InlineData("device", "/dev/a:/dev/b:r", """{"Devices":[{"PathOnHost":"/dev/a","PathInContainer":"/dev/b","CgroupPermissions":"r"}]}""")]
    [InlineData("device", "/dev/a:rw", """{"Devices":[{"PathOnHost":"/dev/a","PathInContainer":"/dev/a","CgroupPermissions":"rw"}]}""")]
    [InlineData("dns", "1.1.1.1", """{"Dns":["1.1.1.1"]}""")]
    [InlineData("dns-opt", "ndots:1", """{"DnsOptions":["ndots:1"]}""")]
    [InlineData("group-add", "audio", """{"GroupAdd":["audio"]}""")]
    [InlineData("init", "", """{"Init":true}""")]
    [InlineData("ipc", "private", """{"IpcMode":"private"}""")]
    [InlineData("log-driver", "none", """{"LogConfig":{"Type":"none"}}""")]
    [InlineData("log-opt", "tag=x", """{"LogConfig":{"Config":{"tag":"x"}}}""")]
    [InlineData("memory-swap", "64m", """{"MemorySwap":67108864}""")]
    [InlineData("memory-swap", "-1", """{"MemorySwap":-1}""")]
    [InlineData("mount", "type=tmpfs,dst=/t,tmpfs-size=1k", """{"Mounts":[{"Type":"tmpfs","Target":"/t","TmpfsOptions":{"SizeBytes":1024}}]}""")]
    [InlineData("mount", "src=data,dst=/d,readonly", """{"Mounts":[{"Type":"volume","Source":"data","Target":"/d","ReadOnly":true}]}""")]
    [InlineData("net", "mesh", """{"NetworkMode":"mesh"}""")]
    [InlineData("pid", "host", """{"PidMode":"host"}""")]
    [InlineData("privileged", "true", """{"Privileged":true}""")]
    [InlineData("read-only", "false", """{"ReadonlyRootfs":false}""")]
    [InlineData("security-opt", "no-new-privileges", """{"SecurityOpt":["no-new-privileges"]}""")]
    [InlineData("shm-size", "1.5g", """{"ShmSize":1610612736}""")]
    [InlineData("sysctl", "net.core.somaxconn=1024", """{"Sysctls":{"net.core.somaxconn":"1024"}}""")]
    [InlineData("tmpfs", "/run:size=64m", """{"Tmpfs":{"/run":"size=64m"}}""")]
    [InlineData("tmpfs", "/run", """{"Tmpfs":{"/run":""}}""")]
    [InlineData("ulimit", "nofile=1024:2048", """{"Ulimits":[{"Name":"nofile","Soft":1024,"Hard":2048}]}""")]
    [InlineData("ulimit", "core=-1", """{"Ulimits":[{"Name":"core","Soft":-1,"Hard":-1}]}""")]
    [InlineData("uts", "host", """{"UTSMode":"host"}""")]
    [InlineData("v", "data:/data:ro", """{"Binds":["data:/data:ro"]}""")]
    [InlineData("volume-driver", "rexray", """{"VolumeDriver":"rexray"}""")]
    public void Option_of_the_host_is_written(string key, string value, string json)
    {
        var run = new RunOptions();
        run.Apply(key, value);
        Assert.Equal(json, run.Host.ToJsonString());
    }

    [Theory]
    [InlineData("entrypoint", "/bin/tini", """{"Entrypoint":["/bin/tini"]}""")]
    [InlineData("expose", "80", """{"ExposedPorts":{"80/tcp":{}}}""")]
    [InlineData("expose", "53/udp", """{"ExposedPorts":{"53/udp":{}}}""")]
    [InlineData("h", "box", """{"Hostname":"box"}""")]
    [InlineData("label", "a=b=c", """{"Labels":{"a":"b=c"}}""")]
    [InlineData("label", "a", """{"Labels":{"a":""}}""")]
    [InlineData("stop-signal", "SIGINT", """{"StopSignal":"SIGINT"}""")]
    [InlineData("tty", "", """{"Tty":true}""")]
    [InlineData("u", "1000:1000", """{"User":"1000:1000"}""")]
    [InlineData("volume", "/anonymous", """{"Volumes":{"/anonymous":{}}}""")]
    [InlineData("--workdir", "/srv", """{"WorkingDir":"/srv"}""")]
    public void Option_of_the_container_is_written(string key, string value, string json)
    {
        var run = new RunOptions();
        run.Apply(key, value);
        Assert.Equal(json, run.Config.ToJsonString());
    }

    [Fact]
    public void Options_of_the_network_go_to_the_network_that_is_joined()
    {
        var run = new RunOptions();
        run.Apply("net-alias", "db");
        run.Apply("ip", "10.1.0.5");

        Assert.Equal("""{"EndpointsConfig":{"mesh":{"Aliases":["db"],"IPAMConfig":{"IPv4Address":"10.1.0.5"}}}}""", run.ToBody("mesh")["NetworkingConfig"]!.ToJsonString());
    }

    [Fact]
    public void Log_driver_of_the_task_replaces_the_agents_limits()
    {
        var run = new RunOptions();
        RunOptions.Map(run.Host, "LogConfig")["Type"] = "json-file";
        RunOptions.Map(RunOptions.Map(run.Host, "LogConfig"), "Config")["max-size"] = "1";

        run.Apply("log-driver", "syslog");
        run.Apply("log-opt", "tag=x");

        Assert.Equal("""{"Type":"syslog","Config":{"tag":"x"}}""", run.Host["LogConfig"]!.ToJsonString());
    }

    [Theory]
    [InlineData("frobnicate", "1", "'frobnicate' is not known")]
    [InlineData("restart", "always", "'restart' cannot be used here")]
    [InlineData("p", "80:80", "port mappings")]
    [InlineData("m", "1g", "set 'mem'")]
    [InlineData("env", "NAME", "env=NAME': expected NAME=VALUE")]
    [InlineData("shm-size", "big", "expected a size")]
    [InlineData("ulimit", "nofile", "expected NAME=SOFT")]
    [InlineData("init", "maybe", "expected true or false")]
    [InlineData("volume", "relative", "expected SOURCE:/PATH")]
    [InlineData("mount", "type=bind,src=/a", "expected type=")]
    [InlineData("mount", "type=volume,dst=/a,volume-opt=o=bind", "'volume-opt=o=bind' is not understood")]
    [InlineData("device", "fuse", "expected /dev/HOST")]
    [InlineData("pids-limit", "many", "expected a whole number")]
    [InlineData("memory-swap", "99999999999999999999t", "memory-swap")]
    public void Wrong_option_is_named_with_the_remedy(string key, string value, string part) =>
        Assert.Contains(part, Assert.Throws<FormatException>(() => new RunOptions().Apply(key, value)).Message, StringComparison.Ordinal);
}
