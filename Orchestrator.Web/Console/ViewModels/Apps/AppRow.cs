using System.Globalization;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Console.ViewModels.Apps;

/// <summary>One app in the list.</summary>
public sealed record AppRow
{
    /// <summary>Instances that wait this short a time while a deployment runs are part of it, not stuck.</summary>
    public static readonly TimeSpan WaitNotice = TimeSpan.FromSeconds(4);

    /// <summary>Its path.</summary>
    public required string Id { get; init; }

    /// <summary>What it is doing.</summary>
    public required AppStatus Status { get; init; }

    /// <summary>Its health bar.</summary>
    public required HealthCounts Health { get; init; }

    /// <summary>Cores of all wanted instances.</summary>
    public required double Cpus { get; init; }

    /// <summary>Memory of all wanted instances, MiB.</summary>
    public required double MemMiB { get; init; }

    /// <summary>Running instances.</summary>
    public required int Running { get; init; }

    /// <summary>Wanted instances.</summary>
    public required int Instances { get; init; }

    /// <summary>Its labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Its container image; null for a plain command.</summary>
    public string? Image { get; init; }

    /// <summary>The path above its name, with a slash at the end: <c>/shop/</c> of <c>/shop/web</c>.</summary>
    public string Folder => Id[..(Id.LastIndexOf('/') + 1)];

    /// <summary>The last part of its path.</summary>
    public string Name => Id[(Id.LastIndexOf('/') + 1)..];

    /// <summary>The row of an app.</summary>
    public static AppRow Of(AppView app, DateTimeOffset now) => new()
    {
        Id = app.Id,
        Status = StatusOf(app, now),
        Health = HealthCounts.Of(app),
        Cpus = app.Definition.Cpus * app.Definition.Instances,
        MemMiB = app.Definition.Mem * app.Definition.Instances,
        Running = app.TasksRunning,
        Instances = app.Definition.Instances,
        Labels = app.Definition.Labels,
        Image = app.Definition.Container?.Docker?.Image,
    };

    /// <summary>What an app is doing.</summary>
    public static AppStatus StatusOf(AppView app, DateTimeOffset now)
    {
        if (app.Queue is { Count: > 0 } queue)
        {
            if (queue.DelayedUntil > now)
            {
                return AppStatus.Delayed;
            }

            if (app.DeploymentIds.Count == 0 || now - queue.Since > WaitNotice)
            {
                return AppStatus.Waiting;
            }
        }

        if (app.DeploymentIds.Count > 0)
        {
            return AppStatus.Deploying;
        }

        return app.Definition.Instances == 0 && app.TasksRunning + app.TasksStaged == 0 ? AppStatus.Suspended : AppStatus.Running;
    }

    /// <summary>Memory for people: MiB below 1,024, GiB above.</summary>
    public static string MemText(double mib) =>
        mib < 1024 ? string.Create(CultureInfo.InvariantCulture, $"{mib:0.#} MiB") : string.Create(CultureInfo.InvariantCulture, $"{mib / 1024:0.##} GiB");
}
