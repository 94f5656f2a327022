using Microsoft.Win32.SafeHandles;
using Orchestrator.AgentService.Isolation;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Execution;

/// <summary>Programs that are really started.</summary>
[Trait("Category", "Integration")]
public sealed class ProcessSpawnerTests
{
    [Fact]
    public async Task Descriptor_whose_number_is_given_to_another_one_still_arrives()
    {
        using var directory = new TemporaryDirectory();
        var (input, output) = (Path.Combine(directory.Path, "in"), Path.Combine(directory.Path, "out"));
        await File.WriteAllTextAsync(input, "arrived");
        using var one = File.OpenHandle(input);
        using var other = File.OpenHandle(input);
        using var written = File.OpenHandle(output, FileMode.Create, FileAccess.Write);
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        var (low, high) = Number(one) < Number(other) ? (one, other) : (other, one);
        var descriptors = Enumerable.Repeat(nothing, Number(high) + 1).ToArray();
        descriptors[1] = written;
        // By the time that it is its turn the child has put nothing in its place.
        descriptors[Number(high)] = low;

        var pid = ProcessSpawner.Start("/bin/cat", ["cat", $"/proc/self/fd/{Number(high)}"], new Dictionary<string, string>(), descriptors);
        int? code = null;
        await Until.TrueAsync("it has ended", () => (code = Native.Reap(pid)) is not null);

        Assert.Equal((0, "arrived"), (code, await File.ReadAllTextAsync(output)));
    }

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
