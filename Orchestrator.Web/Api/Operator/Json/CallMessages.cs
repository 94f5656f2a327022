using System.Net;
using Orchestrator.Core.Contract.MasterApi;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary>Views as the messages of the v1 operator API. Messages that views share are put in as they are, never changed.</summary>
internal static class CallMessages
{
    internal static Response.Types.GetAgents.Types.Agent Agent(AgentView view)
    {
        var info = view.Info.Clone();
        info.Id = new AgentID { Value = view.Id.Value };
        var agent = new Response.Types.GetAgents.Types.Agent
        {
            AgentInfo = info,
            Active = view.Active,
            Deactivated = view.Deactivated,
            Version = view.Version,
            Pid = view.Pid,
            RegisteredTime = Time(view.RegisteredAt),
            TotalResources = { view.Total.ToProto(ResourceFormat.Endpoint) },
            AllocatedResources = { view.Used.ToProto(ResourceFormat.Endpoint) },
            OfferedResources = { view.Offered.ToProto(ResourceFormat.Endpoint) },
        };
        if (view.ReregisteredAt is { } again)
        {
            agent.ReregisteredTime = Time(again);
        }

        agent.DrainInfo = view.Drain;
        if (view.DrainStartedAt is { } started)
        {
            agent.EstimatedDrainStartTime = Time(started);
        }

        foreach (var name in view.Capabilities)
        {
            if (AgentInfo.Types.Capability.Descriptor.EnumTypes[0].FindValueByName(name) is { } value)
            {
                agent.Capabilities.Add(new AgentInfo.Types.Capability { Type = (AgentInfo.Types.Capability.Types.Type)value.Number });
            }
        }

        return agent;
    }

    internal static AgentInfo Recovered(RecoveredAgentView view)
    {
        var info = view.Info.Clone();
        info.Id = new AgentID { Value = view.Id.Value };
        return info;
    }

    internal static Response.Types.GetFrameworks.Types.Framework Framework(FrameworkView view, IReadOnlyDictionary<AgentId, string> hostnames)
    {
        var info = view.Info.Clone();
        info.Id = new FrameworkID { Value = view.Id.Value };

        // Clients read these two without asking whether they are there.
        info.Checkpoint = info.Checkpoint;
        info.FailoverTimeout = info.FailoverTimeout;

        // With several roles the sums are of all of them; offers and tasks say each its own.
        var role = view.Roles.Count == 1 ? view.Roles[0] : null;
        var framework = new Response.Types.GetFrameworks.Types.Framework
        {
            FrameworkInfo = info,
            Active = view.Active,
            Connected = view.Connected,
            Recovered = view.Recovered,
            RegisteredTime = Time(view.RegisteredAt),
            ReregisteredTime = Time(view.ReregisteredAt ?? view.RegisteredAt),
            AllocatedResources = { view.Used.ToProto(ResourceFormat.Endpoint, role) },
            OfferedResources = { view.Offered.ToProto(ResourceFormat.Endpoint, role) },
            OfferConstraints = new Core.Contract.SchedulerApi.OfferConstraints(),
        };
        framework.UnregisteredTime = view.UnregisteredAt is { } end ? Time(end) : new TimeInfo { Nanoseconds = 0 };
        foreach (var offer in view.Offers)
        {
            framework.Offers.Add(new Offer
            {
                Id = new OfferID { Value = offer.Id.Value },
                FrameworkId = new FrameworkID { Value = offer.FrameworkId.Value },
                AgentId = new AgentID { Value = offer.AgentId.Value },
                Hostname = hostnames.GetValueOrDefault(offer.AgentId) ?? "",
                Resources = { offer.Resources.ToProto(ResourceFormat.Endpoint, offer.Role) },
                AllocationInfo = new Resource.Types.AllocationInfo { Role = offer.Role },
            });
        }

        return framework;
    }

    internal static Core.Contract.Mesos.Task Task(TaskView view)
    {
        var info = view.Info;
        var task = new Core.Contract.Mesos.Task
        {
            Name = info.Name,
            TaskId = new TaskID { Value = view.Key.TaskId.Value },
            FrameworkId = new FrameworkID { Value = view.Key.FrameworkId.Value },
            AgentId = new AgentID { Value = view.AgentId.Value },
            State = view.State,
            Resources = { view.Resources.ToProto(ResourceFormat.Refined, view.Role) },
            Statuses = { view.Statuses },
            Labels = info.Labels,
            Discovery = info.Discovery,
            Container = info.Container,
            HealthCheck = info.HealthCheck,
            KillPolicy = info.KillPolicy,
            Limits = { info.Limits },
        };
        if (view.ExecutorId.Length > 0)
        {
            task.ExecutorId = new ExecutorID { Value = view.ExecutorId };
        }

        if (view.Statuses.Count > 0 && view.Statuses[^1] is var last)
        {
            task.StatusUpdateState = last.State;
            if (last.HasUuid)
            {
                task.StatusUpdateUuid = last.Uuid;
            }
        }

        if ((info.Command ?? info.Executor?.Command) is { HasUser: true } command)
        {
            task.User = command.User;
        }

        return task;
    }

    internal static Role Role(RoleView view)
    {
        var role = new Role { Name = view.Name, Weight = view.Weight };
        foreach (var framework in view.Frameworks)
        {
            role.Frameworks.Add(new FrameworkID { Value = framework });
        }

        var used = view.Allocated + view.Offered;
        foreach (var name in used.ScalarNames)
        {
            role.Resources.Add(new Resource { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = used.Scalar(name).ToDouble() } });
        }

        return role;
    }

    internal static MasterInfo Master(MasterView view)
    {
        var address = IPAddress.TryParse(view.Ip, out var parsed) && parsed.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? parsed.GetAddressBytes() : [0, 0, 0, 0];
        return new MasterInfo
        {
            Id = view.Id,

            // The bytes of the address as they lie in memory on a little-endian machine: 127.0.0.1 is 16777343.
            Ip = (uint)(address[0] | (address[1] << 8) | (address[2] << 16) | (address[3] << 24)),
            Port = (uint)view.Port,
            Pid = view.Pid,
            Hostname = view.Hostname,
            Version = BuildInfo.ApiVersion,
            Address = new Address { Hostname = view.Hostname, Ip = view.Ip, Port = view.Port },
            Capabilities =
            {
                new MasterInfo.Types.Capability { Type = MasterInfo.Types.Capability.Types.Type.AgentUpdate },
                new MasterInfo.Types.Capability { Type = MasterInfo.Types.Capability.Types.Type.AgentDraining },
                new MasterInfo.Types.Capability { Type = MasterInfo.Types.Capability.Types.Type.QuotaV2 },
            },
        };
    }

    private static TimeInfo Time(DateTimeOffset time) => new() { Nanoseconds = (time - DateTimeOffset.UnixEpoch).Ticks * 100 };
}
