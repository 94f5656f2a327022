using System.Globalization;
using Orchestrator.Core.Contract.Mesos;
using RLimitType = Orchestrator.Core.Contract.Mesos.RLimitInfo.Types.RLimit.Types.Type;

namespace Orchestrator.AgentService.Execution;

/// <summary>One limit of <c>container.rlimit_info</c>, checked.</summary>
/// <param name="Name">As Docker and <c>prlimit</c> call it: <c>nofile</c> for <c>RLMT_NOFILE</c>.</param>
/// <param name="Soft">In the kernel's unit; <see cref="Unlimited"/> for none.</param>
/// <param name="Hard">As <paramref name="Soft"/>, and not below it.</param>
internal sealed record ProcessLimit(string Name, ulong Soft, ulong Hard)
{
    /// <summary>The kernel's own number for no limit.</summary>
    internal const ulong Unlimited = ulong.MaxValue;

    /// <summary>As the wire calls it: <c>RLMT_NOFILE</c>.</summary>
    internal string WireName => "RLMT_" + Name.ToUpperInvariant();

    /// <summary>The limits that a task asks for. One without numbers is no limit.</summary>
    /// <exception cref="ContainerLaunchException">One of them makes no sense; the message names it.</exception>
    internal static IReadOnlyList<ProcessLimit> Of(TaskInfo task)
    {
        var limits = new List<ProcessLimit>();
        foreach (var wanted in task.Container?.RlimitInfo?.Rlimits ?? [])
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"'container.rlimit_info.rlimits[{limits.Count}]'");
            if (!wanted.HasType || wanted.Type == RLimitType.Unknown)
            {
                throw new ContainerLaunchException($"{at} has no 'type' that is known; name one, such as RLMT_NOFILE");
            }

            var limit = new ProcessLimit(wanted.Type.ToString()["Rlmt".Length..].ToLowerInvariant(), wanted.HasSoft ? wanted.Soft : Unlimited, wanted.HasHard ? wanted.Hard : Unlimited);
            if (wanted.HasSoft != wanted.HasHard)
            {
                throw new ContainerLaunchException($"{at} ({limit.WireName}) has one of 'soft' and 'hard'; give both, or neither for no limit");
            }

            if (limit.Soft > limit.Hard)
            {
                throw new ContainerLaunchException($"{at} ({limit.WireName}): 'soft' is above 'hard'; lower it");
            }

            if (limits.Any(other => other.Name == limit.Name))
            {
                throw new ContainerLaunchException($"{at} sets {limit.WireName} a second time; keep one of them");
            }

            limits.Add(limit);
        }

        return limits;
    }

    /// <summary>As <c>prlimit</c> takes it: <c>--nofile=1024:unlimited</c>.</summary>
    internal string ToArgument() => $"--{Name}={Text(Soft)}:{Text(Hard)}";

    private static string Text(ulong value) => value == Unlimited ? "unlimited" : value.ToString(CultureInfo.InvariantCulture);
}
