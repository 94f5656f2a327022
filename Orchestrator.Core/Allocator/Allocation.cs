using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Allocator;

/// <summary>One decision of a cycle: these resources of this agent go to this framework under this role.</summary>
/// <param name="Framework">Slot of the framework.</param>
/// <param name="Role">Name of the role.</param>
/// <param name="Agent">Slot of the agent.</param>
/// <param name="Resources">What is offered.</param>
public readonly record struct Allocation(int Framework, string Role, int Agent, ResourceList Resources);
