using Orchestrator.Core.Master.Frameworks;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;

namespace Orchestrator.Core.Master.Operations;

/// <summary>Who wants an operation, and what that allows.</summary>
/// <param name="Principal">That reservations and volumes must name; null for any.</param>
/// <param name="Roles">Roles that it may reserve for; null for any.</param>
/// <param name="Role">The role that the resources are allocated to; null when they are not offered.</param>
/// <param name="MayShare">Whether it may create shared volumes.</param>
internal sealed record OperationCaller(string? Principal, IReadOnlyList<string>? Roles, string? Role, bool MayShare)
{
    /// <summary>A framework on an offer for one of its roles.</summary>
    public static OperationCaller Of(FrameworkState framework, string role) =>
        new(framework.Info.HasPrincipal ? framework.Info.Principal : null, framework.Roles, role, framework.Has(Capability.SharedResources));

    /// <summary>An operator; without authentication the principal is null.</summary>
    public static OperationCaller Operator(string? principal) => new(principal, null, null, MayShare: true);
}
