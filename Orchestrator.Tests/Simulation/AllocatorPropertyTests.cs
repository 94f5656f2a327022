using Orchestrator.Core.Allocator;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Simulation;

/// <summary>What holds of the allocator whatever happens: random histories from seeds.</summary>
[Trait("Category", "Simulation")]
public sealed class AllocatorPropertyTests
{
    private const int Seeds = 200;
    private const int Agents = 6;
    private static readonly string[] s_roles = ["a", "a/b", "c"];

    /// <summary>One random history with a plain model of what everybody holds and refuses.</summary>
    private sealed class History(ulong seed)
    {
        private readonly SeededRandom _random = new(seed);
        private readonly AllocatorHarness _harness = new(new AllocatorOptions { Weights = new Dictionary<string, double> { ["c"] = 2 } }, seed);
        private readonly ResourceList?[] _totals = new ResourceList?[Agents];
        private readonly List<(int Framework, string Role, int Agent, ResourceList Resources)> _held = [];
        private readonly Dictionary<int, (string Role, bool Suppressed)> _frameworks = [];
        private readonly List<(int Framework, int Agent, ResourceList Refused, DateTimeOffset Until)> _filters = [];

        public void Run(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                Act();
                Cycle();
            }
        }

        private void Act()
        {
            var agent = _random.NextInt32(Agents);
            var framework = _random.NextInt32(5);
            switch (_random.NextInt32(10))
            {
                case 0 when _totals[agent] is null:
                    var text = $"cpus:{1 + _random.NextInt32(8)};mem:{128 << _random.NextInt32(5)};ports:[31000-31009]";
                    _totals[agent] = ResourceList.Parse(text);
                    _harness.AddAgent(agent, text);
                    break;
                case 1 when _totals[agent] is not null && _random.NextInt32(4) == 0:
                    foreach (var held in _held.Where(held => held.Agent == agent).ToArray())
                    {
                        Free(held, null);
                    }

                    _harness.Allocator.RemoveAgent(agent);
                    _totals[agent] = null;
                    _filters.RemoveAll(filter => filter.Agent == agent);
                    break;
                case 2 when !_frameworks.ContainsKey(framework):
                    _frameworks[framework] = (s_roles[_random.NextInt32(s_roles.Length)], false);
                    _harness.AddFramework(framework, _frameworks[framework].Role);
                    break;
                case 3 when _frameworks.TryGetValue(framework, out var known):
                    _frameworks[framework] = (known.Role, true);
                    _harness.Allocator.Suppress(framework, [known.Role]);
                    break;
                case 4 or 5 when _frameworks.TryGetValue(framework, out var known):
                    _frameworks[framework] = (known.Role, false);
                    _filters.RemoveAll(filter => filter.Framework == framework);
                    _harness.Allocator.Revive(framework, [known.Role]);
                    break;
                case 6:
                    _harness.Now += TimeSpan.FromSeconds(_random.NextInt32(8));
                    break;
                default:
                    if (_held.Count > 0)
                    {
                        Free(_held[_random.NextInt32(_held.Count)], _random.NextInt32(2) == 0 ? TimeSpan.FromSeconds(1 + _random.NextInt32(10)) : null);
                    }

                    break;
            }
        }

        private void Free((int Framework, string Role, int Agent, ResourceList Resources) held, TimeSpan? refused)
        {
            _held.Remove(held);
            _harness.Allocator.Recover(held.Framework, held.Role, held.Agent, held.Resources, refused is { } span ? _harness.Now + span : null);
            if (refused is { } time)
            {
                _filters.Add((held.Framework, held.Agent, held.Resources, _harness.Now + time));
            }
        }

        private void Cycle()
        {
            foreach (var given in _harness.Allocator.Cycle(_harness.Now))
            {
                Assert.True(_frameworks.TryGetValue(given.Framework, out var framework) && !framework.Suppressed, $"seed {seed}: framework {given.Framework} was given something though it does not listen");
                Assert.Equal(framework.Role, given.Role);
                Assert.DoesNotContain(_filters, filter => filter.Framework == given.Framework && filter.Agent == given.Agent && filter.Until > _harness.Now && filter.Refused.Contains(given.Resources));
                _held.Add((given.Framework, given.Role, given.Agent, given.Resources));
            }

            for (var agent = 0; agent < Agents; agent++)
            {
                if (_totals[agent] is { } total)
                {
                    CheckAgent(agent, total);
                }
            }
        }

        private void CheckAgent(int agent, ResourceList total)
        {
            var used = ResourceList.Empty;
            foreach (var held in _held.Where(held => held.Agent == agent))
            {
                Assert.True((total - used).Contains(held.Resources), $"seed {seed}: agent {agent} gave {held.Resources} twice");
                used += held.Resources;
            }

            var free = total - used;
            Assert.Equal(free.ToString(), _harness.Allocator.Available(agent).ToString());
            var takers = _frameworks.Where(framework => !framework.Value.Suppressed && !_filters.Exists(filter => filter.Framework == framework.Key && filter.Agent == agent && filter.Until > _harness.Now));
            Assert.True(free.Scalar("cpus") == Quantity.Zero || !takers.Any(), $"seed {seed}: agent {agent} has {free} left though framework {takers.FirstOrDefault().Key} would take it");
        }
    }

    [Fact]
    public void Random_histories_give_nothing_twice_nothing_refused_and_leave_nothing_that_somebody_wants()
    {
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            new History(seed).Run(120);
        }
    }

    [Fact]
    public void Hungry_roles_of_random_weights_end_with_shares_in_their_proportion()
    {
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var random = new SeededRandom(seed);
            var weights = new Dictionary<string, double> { ["r0"] = 1, ["r1"] = 1 + random.NextInt32(4), ["r2"] = 0.5 + random.NextDouble() };
            var harness = new AllocatorHarness(new AllocatorOptions { Weights = weights }, seed);
            for (var framework = 0; framework < 6; framework++)
            {
                harness.AddFramework(framework, $"r{framework % 3}");
            }

            for (var agent = 0; agent < 400; agent++)
            {
                harness.AddAgent(agent, "cpus:4;mem:4096");
            }

            var given = harness.Cycle().GroupBy(allocation => allocation.Role).ToDictionary(role => role.Key, role => role.Count());
            foreach (var (role, weight) in weights)
            {
                Assert.InRange(given[role], (400 * weight / weights.Values.Sum()) - 3, (400 * weight / weights.Values.Sum()) + 3);
            }
        }
    }
}
