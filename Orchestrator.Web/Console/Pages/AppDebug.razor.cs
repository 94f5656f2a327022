using System.Globalization;
using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Console.Pages;

/// <summary>What changed last, what failed last, and how long instances live.</summary>
public sealed partial class AppDebug
{
    /// <summary>The app.</summary>
    [Parameter]
    [EditorRequired]
    public AppView App { get; set; } = null!;

    /// <summary>The framework of the services; null before it subscribed.</summary>
    [Parameter]
    public string? FrameworkId { get; set; }

    /// <summary>The clock.</summary>
    [Inject]
    public required TimeProvider Time { get; init; }

    private IEnumerable<Life> Lives => App.Instances.GroupBy(instance => instance.Version).OrderByDescending(group => group.Key).Select(group =>
    {
        var running = group.Where(instance => instance.StartedAt is not null && instance.State == "TASK_RUNNING").ToList();
        var lives = running.Select(instance => Time.GetUtcNow() - instance.StartedAt!.Value).Order().ToList();
        return new Life(group.Key, running.Count, running.Count(instance => instance.Healthy == true), running.Count(instance => instance.Healthy == false), group.Count() - running.Count, lives.Count == 0 ? null : lives[lives.Count / 2]);
    });

    private static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Seconds} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Hours} h {span.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} d {span.Hours} h"),
    };

    private sealed record Life(DateTimeOffset Version, int Running, int Healthy, int Unhealthy, int Staged, TimeSpan? Median);
}
