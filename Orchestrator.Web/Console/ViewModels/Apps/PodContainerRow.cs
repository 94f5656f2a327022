using System.Globalization;
using Orchestrator.Core.Contract.Pods;
using Orchestrator.Core.Marathon.Pods;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Console.ViewModels.Apps;

/// <summary>A container of an instance of a pod; of an instance that was not launched yet, one row without a container.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Task">The container; null before it was launched.</param>
/// <param name="Image">Its image; null for a plain command.</param>
/// <param name="HasCheck">Whether its health is asked for.</param>
/// <param name="Addresses">Where its endpoints are reached: name, and host with port.</param>
public sealed record PodContainerRow(InstanceView Instance, PodTaskView? Task, string? Image, bool HasCheck, IReadOnlyList<(string Name, string Address)> Addresses)
{
    /// <summary>Tells rows apart.</summary>
    public string Key => $"{Instance.Id} {Task?.Name}";

    /// <summary>The status of the instance: Pending, Staging, Stable, Degraded or Terminal.</summary>
    public string InstanceStatus => PodRow.Word(PodStatusJson.StatusOf(Instance));

    /// <summary>Healthy, Unhealthy or Unknown; null without a check.</summary>
    public string? Health => !HasCheck ? null : Task?.Healthy switch { true => "Healthy", false => "Unhealthy", null => "Unknown" };

    /// <summary>All containers of a pod, instance by instance, in the order of the version that each runs.</summary>
    public static List<PodContainerRow> Of(AppView pod) => [.. pod.Instances.SelectMany(instance => Of(pod, instance))];

    private static IEnumerable<PodContainerRow> Of(AppView pod, InstanceView instance)
    {
        var first = 0;
        var isEmpty = true;
        foreach (var container in (pod.Definitions.GetValueOrDefault(instance.Version) ?? pod.Definition).Pod?.Containers ?? [])
        {
            if (instance.Containers.FirstOrDefault(candidate => candidate.Name == container.Name) is { } task)
            {
                isEmpty = false;
                yield return new PodContainerRow(instance, task, container.Image, container.HealthCheck is not null, AddressesOf(container, instance, first));
            }

            first += container.Endpoints.Count;
        }

        if (isEmpty)
        {
            yield return new PodContainerRow(instance, null, null, false, []);
        }
    }

    /// <summary>On the machine where an endpoint has a port there, else in the pod's network.</summary>
    private static List<(string Name, string Address)> AddressesOf(PodContainer container, InstanceView instance, int first)
    {
        List<(string, string)> addresses = [];
        for (var i = 0; i < container.Endpoints.Count; i++)
        {
            var endpoint = container.Endpoints[i];
            var (host, port) = PodStatusJson.HostPortOf(endpoint, first + i, instance) is { } onHost
                ? (instance.Host, onHost)
                : (instance.IpAddresses.Count > 0 ? instance.IpAddresses[0] : "", endpoint.ContainerPort ?? 0);
            if (host.Length > 0 && port > 0)
            {
                addresses.Add((endpoint.Name, $"{host}:{port.ToString(CultureInfo.InvariantCulture)}"));
            }
        }

        return addresses;
    }
}
