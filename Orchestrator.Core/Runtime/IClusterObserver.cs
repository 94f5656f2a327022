using Orchestrator.Core.Views;

namespace Orchestrator.Core.Runtime;

/// <summary>Is told what changed in the cluster, turn by turn, while somebody follows it.</summary>
public interface IClusterObserver
{
    /// <summary>Called on the loop's thread after the snapshot with these changes was published: must not block and must not keep the list.</summary>
    void Deliver(IReadOnlyList<ClusterChange> changes);
}
