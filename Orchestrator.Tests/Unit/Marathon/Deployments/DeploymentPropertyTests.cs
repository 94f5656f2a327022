using System.Text.RegularExpressions;
using Google.Protobuf;
using Orchestrator.Core.Contract.Store;

namespace Orchestrator.Tests.Unit.Marathon.Deployments;

/// <summary>
/// What deployments promise, whatever the app, its failures, aborts and restarts of the host: enough instances serve, not too many
/// are there, nothing is killed without its drain, the traffic goes only to what serves, the command runs first and once, and
/// every deployment ends. Bugs that are planted show that a broken promise is seen.
/// </summary>
public sealed class DeploymentPropertyTests
{
    private const int MaxSeeds = 400;

    /// <summary>The first, and those that once failed.</summary>
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 100).Concat([137, 335, 1089, 1161, 1731, 1767, 2201]).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Deployments_in_any_life_keep_their_promises(ulong seed) => new DeploymentLife(seed).Live();

    [Fact]
    public void Minimum_health_capacity_that_is_ignored_is_found() => Found("serve when", new Reading("'minimumHealthCapacity':[0-9.]+", "'minimumHealthCapacity':0"));

    [Fact]
    public void Maximum_over_capacity_that_is_ignored_is_found() => Found("more than", new Reading("'maximumOverCapacity':0,", "'maximumOverCapacity':1,"), new Reading("'maximumOverCapacity':0[.0-9]*", "'maximumOverCapacity':1"));

    [Fact]
    public void Readiness_that_nobody_waits_for_is_found() => Found("serve", new EveryAnswerIsReady());

    [Fact]
    public void Health_that_nobody_waits_for_is_found() => Found("serve", new EveryAnswerIsAlive());

    [Fact]
    public void Drain_that_is_skipped_is_found() => Found("without a drain", new Reading(",'drainSeconds':[0-9]+", ""));

    [Fact]
    public void Drain_that_is_too_short_is_found() => Found("before its drain is over", new Reading("'drainSeconds':[0-9]+", "'drainSeconds':1"));

    [Fact]
    public void Blue_green_upgrade_that_rolls_is_found() => Found("serve", new Reading(",'type':'BLUE_GREEN'(,'soakSeconds':10)?", ""));

    [Fact]
    public void Command_that_does_not_run_first_is_found() => Found("before the command has finished", new Reading(",'preDeployment':\\{[^}]*\\}", ""));

    [Fact]
    public void Command_whose_end_is_forgotten_is_found() => Found("ran to its end twice", new Forgetting("progress/"));

    [Fact]
    public void Deadline_and_budget_that_are_ignored_are_found() => Found("never ends", new Reading(",'(deadlineSeconds|maxFailures)':[0-9]+", ""));

    [Fact]
    public void Health_that_is_forgotten_is_found() => Found("is forgotten", new Rewriting(stored => stored.Health.Clear()));

    [Fact]
    public void Colour_that_is_forgotten_is_found() => Found("goes elsewhere", new Rewriting(stored => stored.ClearColour()));

    [Fact]
    public void Number_that_is_forgotten_is_found() => Found("numbers are missing", new Rewriting(stored => stored.Ordinal = 0));

    private static void Found(string expected, params DeploymentMutant[] mutants)
    {
        foreach (var mutant in mutants)
        {
            for (var seed = 1UL; seed <= MaxSeeds; seed++)
            {
                try
                {
                    new DeploymentLife(seed, mutant).Live();
                }
                catch (BrokenPromiseException broken)
                {
                    // The same bug may break another promise first.
                    if (broken.Message.Contains(expected, StringComparison.Ordinal))
                    {
                        return;
                    }
                }
            }
        }

        Assert.Fail($"{MaxSeeds} seeds did not find it.");
    }

    private sealed class Reading(string pattern, string instead) : DeploymentMutant
    {
        private readonly Regex _pattern = new(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));

        public override string Definition(string json) => _pattern.Replace(json, instead);
    }

    private sealed class EveryAnswerIsReady : DeploymentMutant
    {
        public override int Readiness(int status) => 200;
    }

    private sealed class EveryAnswerIsAlive : DeploymentMutant
    {
        public override bool Alive(bool alive) => true;
    }

    private sealed class Forgetting(string prefix) : DeploymentMutant
    {
        public override byte[]? Restore(string key, byte[] value) => key.StartsWith(prefix, StringComparison.Ordinal) ? null : value;
    }

    private sealed class Rewriting(Action<StoredInstance> rewrite) : DeploymentMutant
    {
        public override byte[]? Restore(string key, byte[] value)
        {
            if (!key.StartsWith("instance/", StringComparison.Ordinal))
            {
                return value;
            }

            var stored = StoredInstance.Parser.ParseFrom(value);
            rewrite(stored);
            return stored.ToByteArray();
        }
    }
}
