using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.ViewModels.Apps;

namespace Orchestrator.Tests.Unit.Console.Apps;

public sealed class ConfigurationDifferenceTests
{
    [Fact]
    public void Difference_of_two_versions_names_each_value_that_changed_came_or_went()
    {
        var old = Services.Definition("""{ "id": "/a", "cmd": "sleep 1", "env": { "A": "1", "B": "2" }, "container": { "docker": { "image": "i:1" } } }""");
        var current = Services.Definition("""{ "id": "/a", "cmd": "sleep 1", "env": { "A": "1", "C": "3" }, "container": { "docker": { "image": "i:2" } }, "constraints": [["hostname", "UNIQUE"]] }""");

        var changed = ConfigurationDifference.Of(old, current).Where(line => line.IsChanged).Select(line => (line.Path, line.Old, line.New)).ToHashSet();

        Assert.Equal([("env/B", "2", null), ("env/C", null, "3"), ("container/docker/image", "i:1", "i:2"), ("constraints", null, "hostname:UNIQUE")], changed);
    }

    [Fact]
    public void Difference_with_nothing_is_the_configuration_unchanged()
    {
        var lines = ConfigurationDifference.Of(null, Services.Definition("""{ "id": "/a", "cmd": "sleep 1" }"""));
        Assert.Contains(lines, line => line is { Path: "cmd", New: "sleep 1" });
        Assert.DoesNotContain(lines, line => line.IsChanged || line.Path.StartsWith("version", StringComparison.Ordinal));
    }
}
