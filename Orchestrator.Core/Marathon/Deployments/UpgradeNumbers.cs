namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>How many instances a rolling upgrade may end and launch. Source: Marathon.</summary>
/// <param name="Target">Wanted instances of the new configuration.</param>
/// <param name="MinHealthy">Healthy instances that must stay, old and new together.</param>
/// <param name="MaxCapacity">Instances that may be there at once.</param>
/// <param name="KillNow">Old instances that may be ended before a new one is healthy.</param>
internal readonly record struct UpgradeNumbers(int Target, int MinHealthy, int MaxCapacity, int KillNow)
{
    /// <summary>The numbers when the upgrade begins.</summary>
    /// <param name="target">Wanted instances.</param>
    /// <param name="minimumHealthCapacity">Share that must stay healthy.</param>
    /// <param name="maximumOverCapacity">Share that may run beyond the wanted number.</param>
    /// <param name="current">Instances now, old and new.</param>
    /// <param name="healthy">Of them, those that count as healthy.</param>
    /// <param name="isResident">Whether instances hold volumes and so cannot run beside their successors.</param>
    public static UpgradeNumbers Of(int target, double minimumHealthCapacity, double maximumOverCapacity, int current, int healthy, bool isResident = false)
    {
        var minHealthy = (int)Math.Ceiling(target * minimumHealthCapacity);
        var maxCapacity = (int)Math.Floor(target * (1 + maximumOverCapacity));
        var killNow = Math.Max(0, healthy - minHealthy);

        // Nothing could begin: one more must run, or one less for those that cannot have a second copy.
        if (minHealthy == maxCapacity && maxCapacity <= healthy)
        {
            if (isResident)
            {
                killNow = healthy - minHealthy + 1;
            }
            else
            {
                maxCapacity++;
            }
        }

        if (target < current)
        {
            killNow = Math.Max(current - target, killNow);
        }

        return new UpgradeNumbers(target, minHealthy, maxCapacity, killNow);
    }

    /// <summary>New instances that may be launched now; an old one takes its place until it is seen dead.</summary>
    /// <param name="oldActive">Old instances that are not seen dead.</param>
    /// <param name="started">New instances already started.</param>
    public int LaunchNow(int oldActive, int started) => Math.Max(0, Math.Min(Target - started, MaxCapacity - oldActive - started));
}
