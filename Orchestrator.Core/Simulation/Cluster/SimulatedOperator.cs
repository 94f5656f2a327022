using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>
/// Somebody who deploys, scales, changes, restarts, kills and deletes apps, and who remembers what was answered: an answered
/// change must be there for ever, one without an answer may be there or not.
/// </summary>
internal sealed class SimulatedOperator(ClusterSimulation world, SimulatedServices services)
{
    private const int MaxApps = 3;
    private static readonly CommandOrigin s_origin = new("operator", "/v2/apps");
    private readonly Dictionary<string, List<Belief>> _apps = [];
    private int _changes;

    /// <summary>One form in which an app may be: the last that was answered, and any asked for since.</summary>
    /// <param name="Exists">Whether there is such an app.</param>
    /// <param name="Instances">Wanted instances.</param>
    /// <param name="Change">The configuration.</param>
    private sealed record Belief(bool Exists, int Instances, int Change);

    public void Start() => world.Queue.After(TimeSpan.FromSeconds(2), Act);

    /// <summary>Fails the run when the services know other apps than they promised.</summary>
    public void Check(ServicesSnapshot snapshot)
    {
        foreach (var (id, beliefs) in _apps)
        {
            var app = snapshot.FindApp(id);
            var form = app is null ? new Belief(false, 0, 0) : new Belief(true, app.Definition.Instances, int.Parse(app.Definition.Env["CHANGE"].Text!, CultureInfo.InvariantCulture));
            if (!beliefs.Contains(form) && !(app is not null && IsBeingDeleted(app, beliefs)))
            {
                world.Oracle.Fail(id, $"{id} is {form}, but was promised to be {string.Join(" or ", beliefs)}");
            }
        }
    }

    private static bool IsBeingDeleted(AppView app, List<Belief> beliefs) => beliefs.Exists(belief => !belief.Exists) && app.DeploymentIds.Count > 0;

    private void Act()
    {
        if (!world.IsFaulty)
        {
            return;
        }

        if (services.Snapshot is { } snapshot)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"/app{world.Random.NextInt32(MaxApps)}");
            Act(id, snapshot.FindApp(id));
        }

        world.Queue.After(TimeSpan.FromSeconds(1 + world.Random.NextInt32(20)), Act);
    }

    private void Act(string id, AppView? app)
    {
        if (app is null)
        {
            Put(id, 1 + world.Random.NextInt32(4));
            return;
        }

        switch (world.Random.NextInt32(8))
        {
            case 0 or 1:
                Put(id, 1 + world.Random.NextInt32(5));
                break;
            case 2 or 3:
                Scale(id, world.Random.NextInt32(6));
                break;
            case 4:
                Send(id, "restarts", new MarathonCommand.RestartApp(id, true, s_origin), null);
                break;
            case 5 or 6 when app.Instances.Count > 0:
                var victim = app.Instances[world.Random.NextInt32(app.Instances.Count)];
                Send(id, $"kills {victim.TaskId} of", new MarathonCommand.KillTasks(null, [victim.TaskId.Length > 0 ? victim.TaskId : victim.Id], null, false, false, true, s_origin), null);
                break;
            default:
                Send(id, "deletes", new MarathonCommand.DeleteApp(id, true, s_origin), new Belief(false, 0, 0));
                break;
        }
    }

    private void Put(string id, int instances)
    {
        var change = ++_changes;
        var checks = world.Random.NextInt32(2) == 0 ? """, "healthChecks": [{"protocol": "HTTP", "portIndex": 0, "gracePeriodSeconds": 20, "intervalSeconds": 1, "delaySeconds": 0}]""" : "";
        var program = world.Random.NextInt32(3) == 0 ? "start=100ms-4secs fail=25%" : "start=50ms-2secs";
        var json = string.Create(CultureInfo.InvariantCulture, $$$"""
            {"cmd": "run", "instances": {{{instances}}}, "cpus": 0.1, "mem": 32, "env": {"CHANGE": "{{{change}}}"}, "labels": {"simulation": "{{{program}}}"},
             "portDefinitions": [{"port": 0}], "upgradeStrategy": {"minimumHealthCapacity": {{{world.Random.NextInt32(3) * 0.5}}}, "maximumOverCapacity": {{{world.Random.NextInt32(2) * 0.5}}}}{{{checks}}}}
            """);
        Send(id, $"puts change {change} with {instances} instances of", new MarathonCommand.UpdateApps(id, Json(json), false, true, true, s_origin), new Belief(true, instances, change));
    }

    private void Scale(string id, int instances) =>
        Send(id, $"wants {instances} instances of", new MarathonCommand.UpdateApps(id, Json(string.Create(CultureInfo.InvariantCulture, $$"""{"instances": {{instances}}}""")), true, false, true, s_origin), new Belief(true, instances, -1));

    private void Send(string id, string what, MarathonCommand command, Belief? after)
    {
        world.Trace.Add("operator", $"{what} {id}");
        if (!_apps.TryGetValue(id, out var beliefs))
        {
            _apps[id] = beliefs = [new Belief(false, 0, 0)];
        }

        // Scaling keeps the configuration, whichever it is.
        var forms = after is null ? [] : after.Change >= 0 ? [after] : beliefs.Where(belief => belief.Exists).Select(belief => after with { Change = belief.Change }).ToArray();
        var added = forms.Except(beliefs).ToArray();
        beliefs.AddRange(added);
        services.Post(command, reply =>
        {
            world.Trace.Add("operator", $"hears {reply.Status} for {what} {id}");
            if (after is null)
            {
                return;
            }

            if (reply.IsSuccess)
            {
                beliefs.Clear();
                beliefs.AddRange(forms);
            }
            else
            {
                beliefs.RemoveAll(added.Contains);
            }
        });
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
