using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Master.Agents;

/// <summary>A custom or default executor on an agent.</summary>
/// <param name="Info">What it was launched with.</param>
/// <param name="Role">The role that its resources are allocated to.</param>
/// <param name="Resources">What it holds besides its tasks.</param>
internal sealed record ExecutorRecord(ExecutorInfo Info, string Role, ResourceList Resources);
