using System.Globalization;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Deployments;

/// <summary>
/// A random app with random upgrades, failures, aborts and restarts of the host, all from a seed, and somebody who knows what is
/// true of each task and holds the engine to what deployments promise.
/// </summary>
internal sealed class DeploymentLife
{
    private const int Steps = 120;
    private const int DrainSeconds = 7;
    private readonly SeededRandom _random;
    private readonly DeploymentMutant _mutant;
    private readonly Dictionary<string, bool> _alive = [];
    private readonly HashSet<string> _ready = [];
    private readonly HashSet<string> _leaving = [];
    private readonly Dictionary<string, DateTimeOffset> _drained = [];
    private readonly HashSet<string> _migrated = [];
    private readonly HashSet<string> _seen = [];
    private readonly int _instances;
    private readonly double _minimum;
    private readonly double _over;
    private readonly bool _hasChecks;
    private readonly bool _hasReadiness;
    private readonly bool _drains;
    private readonly bool _isBlueGreen;
    private readonly bool _hasHook;
    private readonly bool _isOrdered;
    private ServicesHarness _services;
    private int _versions;
    private int _calls;
    private int _events;
    private int _ended;
    private int _tasks;
    private string[] _before = [];

    internal DeploymentLife(ulong seed, DeploymentMutant? mutant = null)
    {
        _random = new SeededRandom(seed);
        _mutant = mutant ?? new DeploymentMutant();
        _instances = 1 + _random.NextInt32(6);
        double[] shares = [0, 0.25, 0.5, 0.75, 1];
        (_minimum, _over) = (shares[_random.NextInt32(5)], shares[_random.NextInt32(5)]);
        (_hasChecks, _hasReadiness, _drains) = (OneIn(2), OneIn(3), OneIn(2));
        (_isBlueGreen, _hasHook, _isOrdered) = (OneIn(3), OneIn(3), OneIn(4));
        _services = new ServicesHarness(seed: seed) { AutoRun = false, AutoKill = false };
    }

    /// <summary>Lives it, then lets everything come to rest.</summary>
    internal void Live()
    {
        Watch();
        _services.Subscribed();
        Deploy(isBad: false, force: false);
        for (var i = 0; i < 200 && _services.Snapshot.Deployments.Count > 0; i++)
        {
            Settle();
        }

        Hold(_services.Snapshot.Deployments.Count == 0, "the first deployment never ends");
        for (var i = 0; i < Steps; i++)
        {
            Step();
        }

        Rest();
    }

    private void Step()
    {
        switch (_random.NextInt32(24))
        {
            case 0:
                Deploy(OneIn(3), force: OneIn(2));
                break;
            case 1:
                Restart();
                break;
            case 2 when _services.Snapshot.Deployments.Count > 0:
                _services.Tell(new MarathonCommand.CancelDeployment(_services.Snapshot.Deployments[0].Id, false, ServicesHarness.Origin));
                _services.Run();
                break;
            case 3 when Running().Count > 0:
                Say(Pick(Running()), TaskState.TaskFailed);
                break;
            case 4 or 5 or 6:
                _services.Pass(TimeSpan.FromSeconds(1 + _random.NextInt32(5)));
                break;
            default:
                Act();
                break;
        }
    }

    /// <summary>One thing that agents, checks or the command before a deployment would do next.</summary>
    private void Act()
    {
        var killed = Killed();
        var asked = _services.App().Instances.Where(instance => instance.AwaitsReadiness).Select(instance => instance.TaskId).ToList();
        var staging = _services.Tasks.Where(task => task.Value.State == TaskState.TaskStaging).Select(task => task.Key).ToList();
        var running = Running();
        switch (_random.NextInt32(4))
        {
            case 0 when killed.Count > 0:
                Say(Pick(killed), TaskState.TaskKilled);
                break;
            case 1 when asked.Count > 0:
                Ask(Pick(asked));
                break;
            case 2 when _hasChecks && running.Count > 0:
                Check(Pick(running), !OneIn(8));
                break;
            default:
                if (staging.Count > 0)
                {
                    Say(Pick(staging), OneIn(10) ? TaskState.TaskFailed : TaskState.TaskRunning);
                }
                else if (Hook() is { } hook)
                {
                    EndHook(hook, !OneIn(6));
                }

                break;
        }
    }

    /// <summary>Everything does what it is meant to do, once.</summary>
    private void Settle()
    {
        Killed().ForEach(task => Say(task, TaskState.TaskKilled));
        foreach (var task in _services.Tasks.Where(task => task.Value.State == TaskState.TaskStaging).Select(task => task.Key).ToList())
        {
            Say(task, TaskState.TaskRunning);
        }

        if (Hook() is { } hook)
        {
            EndHook(hook, isWell: true);
        }

        if (_hasChecks)
        {
            Running().ForEach(task => Check(task, true));
        }

        foreach (var instance in _services.App().Instances.Where(instance => instance.AwaitsReadiness).ToList())
        {
            Ask(instance.TaskId);
        }

        foreach (var task in Running().Where(task => IsBad(task) && !_hasChecks && !_hasReadiness).ToList())
        {
            Say(task, TaskState.TaskFailed);
        }

        _services.Pass(TimeSpan.FromSeconds(4));
    }

    private void Rest()
    {
        for (var i = 0; i < 300 && !(_services.Snapshot.Deployments.Count == 0 && IsQuiet()); i++)
        {
            Settle();
        }

        Hold(_services.Snapshot.Deployments.Count == 0, "a deployment never ends");
        var isGood = _services.App().Definition.Cmd!.StartsWith("good", StringComparison.Ordinal);
        if (isGood && _services.Snapshot.History[0].Outcome == "succeeded")
        {
            Hold(IsQuiet(), $"{_services.Tasks.Count} tasks are there, {_instances} are wanted");
            var cmd = _services.App().Definition.Cmd;
            Hold(_services.Tasks.Values.All(task => task.Info.Command.Value == cmd), "not all run what is wanted");
            Hold(Traffic().Length == _instances, "not all carry traffic");
            Hold(_services.App().Instances.Select(instance => instance.Ordinal).Order().SequenceEqual(Enumerable.Range(0, _instances)), "numbers are missing or doubled");
        }
    }

    private bool IsQuiet() => _services.Tasks.Count == _instances && Killed().Count == 0 && _services.Tasks.Values.All(task => task.State == TaskState.TaskRunning);

    private void Deploy(bool isBad, bool force)
    {
        var cmd = string.Create(CultureInfo.InvariantCulture, $"{(isBad ? "bad" : "good")}{_versions++}");
        var strategy = string.Create(CultureInfo.InvariantCulture, $"'minimumHealthCapacity':{_minimum},'maximumOverCapacity':{_over}");
        strategy += _isBlueGreen ? ",'type':'BLUE_GREEN'" + (OneIn(2) ? ",'soakSeconds':10" : "") : "";
        strategy += _isOrdered ? ",'ordered':true" : "";
        strategy += isBad || OneIn(3) ? $",'deadlineSeconds':{60 + _random.NextInt32(120)}" : "";
        strategy += isBad || OneIn(4) ? $",'maxFailures':{_random.NextInt32(4)}" : "";
        strategy += isBad && OneIn(4) ? ",'onFailure':'STOP'" : "";
        strategy += _hasHook ? ",'preDeployment':{'cmd':'migrate','timeoutSeconds':40}" : "";
        var json = $"{{'id':'/web','cmd':'{cmd}','cpus':0.1,'mem':32,'instances':{_instances},'backoffSeconds':0,'portDefinitions':[{{'port':0,'name':'http'}}],'upgradeStrategy':{{{strategy}}}";
        json += _hasChecks ? ",'healthChecks':[{'protocol':'HTTP','portIndex':0,'gracePeriodSeconds':0,'maxConsecutiveFailures':3}]" : "";
        json += _hasReadiness ? ",'readinessChecks':[{'portName':'http'}]" : "";
        json += _drains ? $",'drainSeconds':{DrainSeconds}" : "";
        _services.Update("/web", _mutant.Definition(json + "}"), partial: false, force: force);
    }

    private void Restart()
    {
        var known = _services.App().Instances.Where(instance => instance.Healthy is not null).Select(instance => instance.Id).ToList();
        foreach (var (key, value) in _services.Journal.ToArray())
        {
            if (_mutant.Restore(key, value) is { } kept)
            {
                _services.Journal[key] = kept;
            }
            else
            {
                _services.Journal.Remove(key);
            }
        }

        var before = Traffic();
        _services = _services.Restart(_random.NextUInt64());
        (_calls, _events, _ended) = (0, 0, _services.Snapshot.History.Count);
        Hold(known.All(id => _services.App().Instances.Any(instance => instance.Id == id && instance.Healthy is not null)), "the health of an instance is forgotten");
        Hold(Traffic().SequenceEqual(before), "the traffic goes elsewhere after a restart");
        Watch();
        _services.Subscribed();
    }

    private void Say(string task, TaskState state)
    {
        if (_services.Tasks.ContainsKey(task))
        {
            _services.Say(task, state, message: "by chance");
        }
    }

    private void Check(string task, bool alive)
    {
        if (_services.Tasks.ContainsKey(task))
        {
            _alive[task] = alive && !IsBad(task);
            _services.Check(task, _mutant.Alive(_alive[task]));
        }
    }

    private void Ask(string task)
    {
        var isReady = !IsBad(task) && !OneIn(4);
        if (isReady)
        {
            _ready.Add(task);
        }

        _services.Tell(new MarathonCommand.ReadinessChecked(task, 0, new ReadinessResponse(_mutant.Readiness(isReady ? 200 : 503), "", "")));
        _services.Run();
    }

    private string? Hook() => _services.Tasks.Where(task => task.Value.Info.Command.Value == "migrate" && task.Value.State == TaskState.TaskRunning && !_leaving.Contains(task.Key)).Select(task => task.Key).FirstOrDefault();

    private void EndHook(string hook, bool isWell)
    {
        if (isWell && _services.Snapshot.Deployments.FirstOrDefault(deployment => deployment.Steps.Any(step => step.Any(action => action.Phase == "preDeployment"))) is { } deployment)
        {
            Hold(_migrated.Add(deployment.Id), "the command before a deployment ran to its end twice");
        }

        Say(hook, isWell ? TaskState.TaskFinished : TaskState.TaskFailed);
    }

    private void Watch()
    {
        _services.BeforeTurn = () => _before = Traffic();
        _services.AfterTurn = HoldAll;
    }

    private void HoldAll()
    {
        var left = NewlyLeaving();
        var snapshot = _services.Snapshot;
        var isTornDown = snapshot.History.Count != _ended && snapshot.History[0].Outcome is "failed" or "cancelled";
        _ended = snapshot.History.Count;
        HoldCapacity();
        HoldHook(snapshot);
        var lost = left.Where(task => _before.Contains(task) && Served(task)).ToList();
        if (lost.Count > 0 && !isTornDown)
        {
            var serving = Traffic().Count(Served);
            var least = _isBlueGreen ? _instances : (int)Math.Ceiling(_instances * _minimum);
            Hold(serving >= least, $"{serving} of {_instances} serve when {string.Join(", ", lost)} ends, fewer than {least}");
        }
    }

    /// <summary>Tasks that the engine begins to end in this turn; those that it kills must have been drained.</summary>
    private List<string> NewlyLeaving()
    {
        var left = new List<string>();
        for (; _events < _services.Events.Count; _events++)
        {
            if (_services.Events[_events].EventType == "app_traffic_switched_event")
            {
                Hold(Traffic().Count(Served) >= _instances, $"the traffic goes to {Traffic().Count(Served)} that serve, of {_instances}");
            }

            if (_services.Events[_events].EventType == "instance_draining_event")
            {
                var task = ServicesHarness.Json(System.Text.Encoding.UTF8.GetString(_services.Events[_events].Json.Span)).GetProperty("taskId").GetString()!;
                _drained[task] = _services.Now;
                left.Add(task);
            }
        }

        for (; _calls < _services.Calls.Count; _calls++)
        {
            if (_services.Calls[_calls].Kill?.TaskId.Value is { } task && _leaving.Add(task) && !_drained.ContainsKey(task))
            {
                Hold(!_drains || !Served(task), $"{task} served, and is killed without a drain");
                left.Add(task);
            }
            else if (_services.Calls[_calls].Kill?.TaskId.Value is { } drained && _drained.TryGetValue(drained, out var since))
            {
                Hold(_services.Now >= since.AddSeconds(DrainSeconds) || !Served(drained), $"{drained} is killed before its drain is over");
            }
        }

        return left;
    }

    private void HoldCapacity()
    {
        var tasks = _services.Tasks.Count(task => task.Value.Info.Command.Value != "migrate" && task.Value.State != TaskState.TaskUnreachable);
        var most = _isBlueGreen ? 2 * _instances : Math.Max(_instances, (int)Math.Floor(_instances * (1 + _over))) + 1;

        // After a deployment that was stopped, replacements do not wait for the end of what they replace.
        var isMore = tasks > _tasks && _services.Snapshot.Deployments.Count > 0;
        _tasks = tasks;
        Hold(tasks <= most || !isMore, $"{tasks} tasks are there, more than {most}, for {_instances} instances");
    }

    private void HoldHook(ServicesSnapshot snapshot)
    {
        foreach (var (id, task) in _services.Tasks)
        {
            if (_hasHook && _seen.Add(id) && task.Info.Command.Value is { } cmd && cmd != "migrate" && snapshot.Deployments is [{ RollbackOf: null } running] && snapshot.FindApp("/web")?.Definition.Cmd == cmd)
            {
                Hold(_migrated.Contains(running.Id), $"{id} starts before the command has finished");
            }
        }
    }

    /// <summary>What is true of a task: it runs, is alive, and has said that it is ready when it is of the newest configuration.</summary>
    private bool Served(string task) =>
        _services.Snapshot.FindApp("/web")?.Instances.FirstOrDefault(instance => instance.TaskId == task) is { Condition: "Running" } instance
        && (!_hasChecks || _alive.GetValueOrDefault(task))
        && (!_hasReadiness || _ready.Contains(task) || instance.Version != _services.App().Definition.Version);

    /// <summary>Tasks that a balancer would take.</summary>
    private string[] Traffic() =>
        [.. _services.Snapshot.FindApp("/web")?.Instances.Where(instance => instance.State == "TASK_RUNNING" && !_leaving.Contains(instance.TaskId)).Select(instance => instance.TaskId).Order() ?? Enumerable.Empty<string>()];

    private List<string> Killed() => [.. _services.Tasks.Keys.Where(_leaving.Contains)];

    private List<string> Running() => [.. _services.Tasks.Where(task => task.Value.State == TaskState.TaskRunning && task.Value.Info.Command.Value != "migrate" && !_leaving.Contains(task.Key)).Select(task => task.Key)];

    private bool IsBad(string task) => _services.Tasks.TryGetValue(task, out var known) && known.Info.Command.Value.StartsWith("bad", StringComparison.Ordinal);

    private string Pick(List<string> from) => from[_random.NextInt32(from.Count)];

    private string What() =>
        string.Create(CultureInfo.InvariantCulture, $"{_instances} instances, minimum {_minimum}, over {_over}, checks {_hasChecks}, readiness {_hasReadiness}, drains {_drains}, blue-green {_isBlueGreen}, command {_hasHook}, ordered {_isOrdered}; ")
        + string.Join(", ", _services.Snapshot.FindApp("/web")?.Instances.Select(instance => $"{instance.TaskId[(instance.TaskId.Length > 12 ? instance.TaskId.Length - 12 : 0)..]} {(_services.Tasks.TryGetValue(instance.TaskId, out var task) ? task.Info.Command.Value : "-")} {instance.State} {instance.Healthy}") ?? [])
        + "; " + string.Join(", ", _services.Snapshot.Deployments.Select(deployment => string.Join(' ', deployment.Steps.SelectMany(step => step).Select(action => $"{action.Action} {action.Phase}")) + " " + deployment.RollbackOf + deployment.Late));

    private bool OneIn(int many) => _random.NextInt32(many) == 0;

    private void Hold(bool promise, string otherwise)
    {
        if (!promise)
        {
            throw new BrokenPromiseException($"{otherwise} ({What()})");
        }
    }
}
