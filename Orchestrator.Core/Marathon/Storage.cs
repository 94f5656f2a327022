using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Autoscaling;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Marathon.Pods;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon;

/// <summary>
/// The engine's records in the journal. Keys: <c>framework</c>, <c>app/ID</c>, <c>version/ID@MILLISECONDS</c>,
/// <c>failure/ID</c>, <c>instance/ID</c>, <c>autoscaling/ID</c>, <c>group/ID</c>, <c>tree/MILLISECONDS</c>;
/// <see cref="Deployments.DeploymentStorage"/> has those of deployments.
/// </summary>
internal static class Storage
{
    public const string FrameworkKey = "framework";
    public const string AppPrefix = "app/";
    public const string VersionPrefix = "version/";
    public const string FailurePrefix = "failure/";
    public const string InstancePrefix = "instance/";
    public const string AutoscalingPrefix = "autoscaling/";
    public const string GroupPrefix = "group/";
    public const string TreePrefix = "tree/";

    public static void Store(Turn turn, AppState app)
    {
        var stored = new StoredApp
        {
            Id = app.Id,
            Version = Milliseconds(app.Definition.Version),
            DrivenVersion = Milliseconds(app.Driven.Version),
            DrivenInstances = app.Driven.Instances,
            Removed = app.IsRemoved,
        };
        if (app.GoodVersion is { } good)
        {
            stored.GoodVersion = Milliseconds(good);
        }

        if (app.ActiveColour != Colour.Blue)
        {
            stored.Colour = app.ActiveColour.ToString();
        }

        turn.Effects.Store(AppPrefix + app.Id, stored.ToByteArray());
    }

    public static void Forget(Turn turn, AppState app)
    {
        turn.Effects.Store(AppPrefix + app.Id, null);
        turn.Effects.Store(FailurePrefix + app.Id, null);
        if (app.Scaling is not null)
        {
            ForgetScaling(turn, app.Id);
        }

        foreach (var version in app.Versions.Keys)
        {
            ForgetVersion(turn, app.Id, version);
        }
    }

    public static void StoreVersion(Turn turn, AppDefinition version) => turn.Effects.Store(VersionKey(version.Id, version.Version), AppJson.ToBytes(version));

    public static void ForgetVersion(Turn turn, string appId, DateTimeOffset version) => turn.Effects.Store(VersionKey(appId, version), null);

    public static void Store(Turn turn, InstanceState instance)
    {
        var stored = new StoredInstance
        {
            Id = instance.Id,
            AppId = instance.App.Id,
            Version = Milliseconds(instance.Spec.Version),
            Incarnation = instance.Incarnation,
            Condition = instance.Condition.ToString(),
            CreatedAt = Milliseconds(instance.CreatedAt),
            Since = Milliseconds(instance.Since),
        };
        stored.Ordinal = instance.Ordinal;
        if (instance.WasReady)
        {
            stored.Ready = true;
        }

        if (instance.DrainingSince is { } draining)
        {
            stored.DrainingSince = Milliseconds(draining);
        }

        if (instance.Colour != Colour.Blue)
        {
            stored.Colour = instance.Colour.ToString();
        }

        if (instance.App.Owner is not null)
        {
            stored.Hook = true;
        }

        for (var i = 0; i < instance.Health.Length; i++)
        {
            if (instance.Health[i] is { } health)
            {
                stored.Health.Add(health.ToStored(i));
            }
        }

        if (instance.IsDecommissioned)
        {
            stored.Decommissioned = true;
        }

        AddReservation(stored, instance);

        if (instance.AgentId.Length > 0)
        {
            (stored.AgentId, stored.Host) = (instance.AgentId, instance.Host);
            stored.Attributes.Add(instance.Attributes.ToDictionary());
        }

        stored.Containers.Add(instance.Containers.Select(container => container.ToStored()));
        stored.Ports.Add(instance.Ports);
        stored.IpAddresses.Add(instance.IpAddresses);
        if (instance.StagedAt is { } staged)
        {
            stored.StagedAt = Milliseconds(staged);
        }

        if (instance.StartedAt is { } started)
        {
            stored.StartedAt = Milliseconds(started);
        }

        turn.Effects.Store(InstancePrefix + instance.Id, stored.ToByteArray());
    }

    private static void AddReservation(StoredInstance stored, InstanceState instance)
    {
        if (instance.IsStopped)
        {
            stored.Stopped = true;
        }

        if (instance.Reservation is { } reservation)
        {
            stored.Reservation = new StoredReservation { AgentId = reservation.AgentId, Incarnation = reservation.Incarnation };
            stored.Reservation.Volumes.Add(reservation.Volumes.Select(volume => new StoredReservation.Types.Volume { ContainerPath = volume.ContainerPath, Uuid = volume.Uuid }));
            stored.Reservation.Ports.Add(reservation.Ports.Select(port => port ?? -1));
        }
    }

    /// <summary>Reads a reservation back; null for none.</summary>
    public static Reservation? ReadReservation(StoredReservation? stored) => stored is null ? null : new Reservation(
        stored.AgentId,
        stored.Incarnation,
        [.. stored.Volumes.Select(volume => (volume.ContainerPath, volume.Uuid))],
        [.. stored.Ports.Select(port => port < 0 ? (int?)null : port)]);

    public static void Forget(Turn turn, InstanceState instance) => turn.Effects.Store(InstancePrefix + instance.Id, null);

    public static void Store(Turn turn, string appId, TaskFailureView failure) => turn.Effects.Store(FailurePrefix + appId, new StoredFailure
    {
        Host = failure.Host,
        Message = failure.Message,
        State = failure.State,
        TaskId = failure.TaskId,
        Timestamp = Milliseconds(failure.Timestamp),
        Version = Milliseconds(failure.Version),
        AgentId = failure.AgentId,
    }.ToByteArray());

    public static void Store(Turn turn, string appId, ScalingState scaling)
    {
        var stored = new StoredAutoscaling();
        if (scaling.Tracking.ScaledAt is { } scaledAt)
        {
            stored.ScaledAt = Milliseconds(scaledAt);
        }

        foreach (var decision in scaling.Decisions)
        {
            var row = new StoredAutoscaling.Types.Decision { At = Milliseconds(decision.At), Action = decision.Action, From = decision.From, To = decision.To, Reason = decision.Reason };
            if (decision.Utilization is { } use)
            {
                row.Utilization = use;
            }

            if (decision.DeploymentId is { } deployment)
            {
                row.DeploymentId = deployment;
            }

            stored.Decisions.Add(row);
        }

        turn.Effects.Store(AutoscalingPrefix + appId, stored.ToByteArray());
    }

    public static void ForgetScaling(Turn turn, string appId) => turn.Effects.Store(AutoscalingPrefix + appId, null);

    /// <summary>Reads an autoscaler back.</summary>
    public static ScalingState ReadScaling(byte[] value)
    {
        var stored = StoredAutoscaling.Parser.ParseFrom(value);
        var scaling = new ScalingState();
        scaling.Tracking.ScaledAt = stored.HasScaledAt ? Time(stored.ScaledAt) : null;
        foreach (var row in stored.Decisions)
        {
            scaling.Note(new ScalingDecisionView(Time(row.At), row.Action, row.From, row.To, row.Reason, row.HasUtilization ? row.Utilization : null, row.HasDeploymentId ? row.DeploymentId : null));
        }

        return scaling;
    }

    /// <summary>Reads a failure back.</summary>
    public static TaskFailureView ReadFailure(string appId, byte[] value)
    {
        var stored = StoredFailure.Parser.ParseFrom(value);
        return new TaskFailureView(appId, stored.Host, stored.Message, stored.State, stored.TaskId, Time(stored.Timestamp), Time(stored.Version), stored.AgentId);
    }

    /// <summary>Reads a definition back, with the versions that it had.</summary>
    /// <exception cref="FormatException">The record is not a definition.</exception>
    public static AppDefinition ReadDefinition(string key, byte[] value)
    {
        var errors = new FieldErrors();
        using var document = JsonDocument.Parse(value);
        var root = document.RootElement;
        var app = PodParser.IsPod(root) ? PodParser.Parse(root, errors) : AppParser.Parse(root, root.GetProperty("id").GetString(), errors);
        if (errors.Any)
        {
            throw new FormatException($"The stored definition {key} cannot be read: {errors.All[0].Path} {errors.All[0].Text}");
        }

        var info = root.GetProperty("versionInfo");
        return app with
        {
            Version = TimeOf(root.GetProperty("version"), key),
            LastScalingAt = TimeOf(info.GetProperty("lastScalingAt"), key),
            LastConfigChangeAt = TimeOf(info.GetProperty("lastConfigChangeAt"), key),
        };
    }

    public static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static string VersionKey(string appId, DateTimeOffset version) => string.Create(CultureInfo.InvariantCulture, $"{VersionPrefix}{appId}@{Milliseconds(version)}");

    private static DateTimeOffset TimeOf(JsonElement text, string key) => Timestamps.Read(text.GetString() ?? "") ?? throw new FormatException($"The stored definition {key} has no valid version.");
}
