using System.Text;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Marathon.Autoscaling;
using Orchestrator.Core.Marathon.Deployments;
using Orchestrator.Core.Marathon.Groups;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon;

/// <summary>Puts the journal's records back into the tables, whatever their order.</summary>
internal sealed class Restorer(ServicesState state, InstanceBook instances, DeploymentBoard deployments)
{
    private readonly Dictionary<string, List<AppDefinition>> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskFailureView> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScalingState> _scalings = new(StringComparer.Ordinal);
    private readonly List<StoredApp> _apps = [];
    private readonly List<StoredInstance> _instances = [];
    private readonly List<DeploymentState> _deployments = [];
    private readonly List<(string Id, StoredProgress Progress)> _progress = [];
    private readonly List<DeploymentOutcomeView> _outcomes = [];
    private readonly List<GroupView> _groups = [];
    private readonly List<TreeChangeView> _treeChanges = [];

    /// <summary>Reads all, then links it.</summary>
    /// <exception cref="FormatException">A record cannot be read; the message names its key.</exception>
    public void Restore(IEnumerable<JournalRecord> records)
    {
        foreach (var record in records)
        {
            if (record.Value is { } value)
            {
                try
                {
                    Read(record.Key, value);
                }
                catch (Exception e) when (e is Google.Protobuf.InvalidProtocolBufferException or System.Text.Json.JsonException or KeyNotFoundException or ArgumentException or InvalidOperationException)
                {
                    throw new FormatException($"The record '{record.Key}' of the services cannot be read: {e.Message}", e);
                }
            }
        }

        _apps.ForEach(Link);
        TreeCommit.Restore(state, _groups, _treeChanges);
        foreach (var stored in _instances.OrderBy(instance => instance.CreatedAt).ThenBy(instance => instance.Id, StringComparer.Ordinal))
        {
            Link(stored);
        }

        foreach (var deployment in _deployments.OrderBy(deployment => deployment.StartedAt).ThenBy(deployment => deployment.Version))
        {
            state.NoteVersion(deployment.Version);
            deployments.Restore(deployment);
        }

        foreach (var (id, progress) in _progress)
        {
            if (_deployments.Find(deployment => deployment.Id == id) is { } deployment)
            {
                DeploymentStorage.Read(progress, deployment);
            }
        }

        foreach (var outcome in _outcomes.OrderBy(outcome => outcome.EndedAt).ThenBy(outcome => outcome.Version))
        {
            deployments.Restore(outcome);
        }

        foreach (var app in state.Apps.Values)
        {
            OrdinalSource.Fill(app);
            state.Touch(app);
        }
    }

    private void Read(string key, byte[] value)
    {
        var (prefix, id) = key.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (key[..(slash + 1)], key[(slash + 1)..]) : (key, "");
        switch (prefix)
        {
            case Storage.FrameworkKey:
                state.FrameworkId = Encoding.UTF8.GetString(value);
                break;
            case Storage.AppPrefix:
                _apps.Add(StoredApp.Parser.ParseFrom(value));
                break;
            case Storage.VersionPrefix:
                var definition = Storage.ReadDefinition(key, value);
                state.NoteVersion(definition.Version);
                if (!_versions.TryGetValue(definition.Id, out var versions))
                {
                    _versions[definition.Id] = versions = [];
                }

                versions.Add(definition);
                break;
            case Storage.FailurePrefix:
                _failures[id] = Storage.ReadFailure(id, value);
                break;
            case Storage.AutoscalingPrefix:
                _scalings[id] = Storage.ReadScaling(value);
                break;
            case Storage.InstancePrefix:
                _instances.Add(StoredInstance.Parser.ParseFrom(value));
                break;
            case Storage.GroupPrefix:
                _groups.Add(TreeStorage.ReadGroup(value));
                break;
            case Storage.TreePrefix:
                _treeChanges.Add(TreeStorage.ReadChange(value));
                break;
            case DeploymentStorage.DeploymentPrefix:
                _deployments.Add(DeploymentStorage.Read(value));
                break;
            case DeploymentStorage.ProgressPrefix:
                _progress.Add((id, StoredProgress.Parser.ParseFrom(value)));
                break;
            case DeploymentStorage.OutcomePrefix:
                _outcomes.Add(DeploymentStorage.ReadOutcome(value));
                break;
        }
    }

    private void Link(StoredApp stored)
    {
        var versions = _versions.GetValueOrDefault(stored.Id) ?? [];
        AppDefinition Of(long version) => versions.Find(definition => Storage.Milliseconds(definition.Version) == version)
            ?? throw new FormatException($"The record 'app/{stored.Id}' of the services names a version that is not stored.");
        var driven = Of(stored.DrivenVersion);
        var app = new AppState(Of(stored.Version))
        {
            IsRemoved = stored.Removed,
            Driven = driven.Instances == stored.DrivenInstances ? driven : driven with { Instances = stored.DrivenInstances },
            GoodVersion = stored.HasGoodVersion ? Storage.Time(stored.GoodVersion) : null,
            ActiveColour = stored.HasColour ? Enum.Parse<Colour>(stored.Colour) : Colour.Blue,
            LastFailure = _failures.GetValueOrDefault(stored.Id),
            Scaling = _scalings.GetValueOrDefault(stored.Id),
        };
        versions.ForEach(app.Keep);
        state.Add(app);
        if (!app.IsRemoved)
        {
            state.CountServicePorts(null, app.Definition);
        }
    }

    private void Link(StoredInstance stored)
    {
        if (!state.Apps.TryGetValue(stored.AppId, out var app) || !app.Versions.TryGetValue(Storage.Time(stored.Version), out var spec))
        {
            throw new FormatException($"The record 'instance/{stored.Id}' of the services names an app or a version that is not stored.");
        }

        if (stored.Hook)
        {
            app = app.Hook = HookRunner.AppOf(app, spec);
            spec = app.Driven;
        }

        var instance = new InstanceState(stored.Id, app, spec, Storage.Time(stored.CreatedAt))
        {
            Incarnation = stored.Incarnation,
            Condition = Enum.Parse<Condition>(stored.Condition),
            Since = Storage.Time(stored.Since),
            IsDecommissioned = stored.Decommissioned,
            IsStopped = stored.Stopped,
            Reservation = Storage.ReadReservation(stored.Reservation),
            AgentId = stored.AgentId,
            Host = stored.Host,
            Attributes = stored.Attributes.ToDictionary(),
            Ports = [.. stored.Ports],
            IpAddresses = [.. stored.IpAddresses],
            StagedAt = stored.HasStagedAt ? Storage.Time(stored.StagedAt) : null,
            StartedAt = stored.HasStartedAt ? Storage.Time(stored.StartedAt) : null,
            Ordinal = stored.HasOrdinal ? stored.Ordinal : -1,
            WasReady = stored.Ready,
            DrainingSince = stored.HasDrainingSince ? Storage.Time(stored.DrainingSince) : null,
            Colour = stored.HasColour ? Enum.Parse<Colour>(stored.Colour) : Colour.Blue,
        };
        instance.RestoreContainers(stored.Containers);
        foreach (var health in stored.Health.Where(health => health.Index < instance.Health.Length))
        {
            instance.Health[health.Index] = HealthState.Of(health);
        }

        instances.Restore(instance);
    }
}
