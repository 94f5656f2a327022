using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Views;

/// <summary>One executor on an agent.</summary>
public sealed record ExecutorView(AgentId AgentId, ExecutorInfo Info);
