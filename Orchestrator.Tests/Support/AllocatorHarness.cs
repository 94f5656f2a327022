using Orchestrator.Core.Allocator;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Tests.Support;

/// <summary>An allocator with a hand-set clock, whose resources are written as flags are: <c>cpus:4;mem(web):64</c>.</summary>
internal sealed class AllocatorHarness(AllocatorOptions? options = null, ulong seed = 3)
{
    internal static readonly FrameworkTraits NoTraits = new(false, false, false, false, false);

    internal ResourceAllocator Allocator { get; } = new(options ?? new AllocatorOptions(), new SeededRandom(seed));

    internal DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddDays(20000);

    internal void AddAgent(int agent, string resources, string? region = null) => Allocator.AddAgent(agent, ResourceList.Parse(resources), region);

    internal void AddFramework(int framework, params string[] roles) => AddFramework(framework, NoTraits, roles);

    internal void AddFramework(int framework, FrameworkTraits traits, params string[] roles) =>
        Allocator.SetFramework(framework, roles.Length == 0 ? ["*"] : roles, new HashSet<string>(), traits, active: true);

    /// <summary>One cycle: (framework, role, agent, resources as text) of each allocation, by agent.</summary>
    internal List<(int Framework, string Role, int Agent, string Resources)> Cycle() =>
        [.. Allocator.Cycle(Now).Select(given => (given.Framework, given.Role, given.Agent, given.Resources.ToString())).OrderBy(given => given.Agent).ThenBy(given => given.Framework)];

    /// <summary>How many agents each framework is given by one cycle.</summary>
    internal Dictionary<int, int> CountByFramework() => Cycle().GroupBy(given => given.Framework).ToDictionary(group => group.Key, group => group.Count());

    internal void Recover(int framework, int agent, string resources, TimeSpan? refused = null, string role = "*") =>
        Allocator.Recover(framework, role, agent, ResourceList.Parse(resources), refused is { } span ? Now + span : null);
}
