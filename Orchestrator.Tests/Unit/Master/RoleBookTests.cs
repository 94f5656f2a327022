using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.QuotaApi;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Master;

/// <summary>Quota and weights, as operators set them.</summary>
public sealed class RoleBookTests
{
    [Fact]
    public void Quota_limits_offers_and_survives_a_restart()
    {
        var master = new MasterHarness();
        Assert.Equal(200, master.Tell(Update(Config("web", "", "cpus:1"))).Status);
        var restarted = master.Restart();
        Assert.Equal(1.0, restarted.Snapshot.Quotas["web"].Limits["cpus"].Value);
        var framework = restarted.Subscribe(HarnessFramework.Roles("web"));
        restarted.Register("cpus:4;mem:1024");
        Assert.Equal("cpus:1; mem:1024", ResourceList.FromProto(framework.TakeOffer().Resources).Unreserved().ToString());
    }

    [Fact]
    public void Quota_without_guarantees_and_limits_takes_it_away()
    {
        var master = new MasterHarness();
        master.Tell(Update(Config("web", "", "cpus:1")));
        Assert.Equal(200, master.Tell(Update(Config("web", "", ""))).Status);
        Assert.Empty(master.Snapshot.Quotas);
        Assert.Empty(master.Restart().Snapshot.Quotas);
    }

    [Theory]
    [InlineData("a/b", "", "cpus:1", "top-level")]
    [InlineData("*", "", "cpus:1", "default role")]
    [InlineData("-a", "", "cpus:1", "dash")]
    [InlineData("web", "cpus:2", "cpus:1", "above its limit")]
    [InlineData("web", "", "cpus:2e12", "from 0 to 1000000000000")]
    [InlineData("web", "cpus:100", "", "the cluster has 4")]
    public void Impossible_quota_is_refused_and_none_of_the_others_is_set(string role, string guarantees, string limits, string expected)
    {
        var master = new MasterHarness();
        master.Register("cpus:4;mem:1024");
        var reply = master.Tell(Update(Config("good", "", "cpus:1"), Config(role, guarantees, limits)));
        Assert.Equal(400, reply.Status);
        Assert.Contains(expected, reply.Message, StringComparison.Ordinal);
        Assert.Empty(master.Snapshot.Quotas);
    }

    [Fact]
    public void Limit_below_what_runs_needs_force()
    {
        var master = new MasterHarness();
        var framework = master.Subscribe(HarnessFramework.Roles("web"));
        master.Register("cpus:4;mem:1024");
        var offer = framework.TakeOffer();
        framework.Launch(offer, HarnessFramework.Task("t", offer.AgentId.Value, "cpus:3;mem:64"));
        Assert.Equal(400, master.Tell(Update(Config("web", "", "cpus:2"))).Status);
        Assert.Equal(200, master.Tell(new MasterCommand.UpdateQuota([Config("web", "", "cpus:2")], Force: true)).Status);
    }

    [Fact]
    public void Limit_takes_back_offers_beyond_it()
    {
        var master = new MasterHarness();
        var framework = master.Subscribe(HarnessFramework.Roles("web"));
        master.Register("cpus:4;mem:1024");
        framework.TakeOffer();
        master.Tell(Update(Config("web", "", "cpus:1")));
        framework.Take(Event.Types.Type.Rescind);
        Assert.Equal("cpus:1; mem:1024", ResourceList.FromProto(framework.TakeOffer().Resources).ToString());
    }

    [Fact]
    public void Guarantee_takes_back_the_offers_of_others()
    {
        var master = new MasterHarness();
        var batch = master.Subscribe(HarnessFramework.Roles("batch"));
        master.Register("cpus:4;mem:1024");
        batch.TakeOffer();
        var web = master.Subscribe(HarnessFramework.Roles("web"));
        master.Tell(Update(Config("web", "cpus:3", "")));
        batch.Take(Event.Types.Type.Rescind);
        Assert.True(ResourceList.FromProto(web.TakeOffer().Resources).Scalar("cpus").ToDouble() >= 3);
    }

    [Fact]
    public void Older_request_sets_limits_equal_to_guarantees_once()
    {
        var master = new MasterHarness();
        master.Register("cpus:4;mem:1024");
        var request = new QuotaRequest { Role = "q2", Guarantee = { ResourceList.Parse("cpus:1").ToProto() } };
        Assert.Equal(200, master.Tell(new MasterCommand.SetQuota(request)).Status);
        Assert.Equal((1.0, 1.0), (master.Snapshot.Quotas["q2"].Guarantees["cpus"].Value, master.Snapshot.Quotas["q2"].Limits["cpus"].Value));
        Assert.Equal(
            new MasterReply(400, "Failed to validate set quota request: Cannot set quota for role 'q2' which already has quota"),
            master.Tell(new MasterCommand.SetQuota(request)));
        Assert.Equal(200, master.Tell(new MasterCommand.RemoveQuota("q2")).Status);
        Assert.Equal(400, master.Tell(new MasterCommand.RemoveQuota("q2")).Status);
        request.Guarantee[0].Scalar.Value = 5;
        Assert.Equal(409, master.Tell(new MasterCommand.SetQuota(request)).Status);
    }

    [Fact]
    public void Weights_are_kept_shown_and_win_over_the_flag()
    {
        var master = new MasterHarness(options => options with { Allocator = options.Allocator with { Weights = new Dictionary<string, double> { ["web"] = 3 } } });
        Assert.Equal(200, master.Tell(new MasterCommand.UpdateWeights([new WeightInfo { Role = "web", Weight = 2.5 }, new WeightInfo { Role = "a/b", Weight = 2 }])).Status);
        var restarted = master.Restart();
        Assert.Equal([("a/b", 2.0), ("web", 2.5)], restarted.Snapshot.Weights.Select(weight => (weight.Key, weight.Value)));
        Assert.Equal(2.5, restarted.Snapshot.Roles.Single(role => role.Name == "web").Weight);
        Assert.Equal(400, master.Tell(new MasterCommand.UpdateWeights([new WeightInfo { Role = "web", Weight = 0 }])).Status);
        Assert.Equal(400, master.Tell(new MasterCommand.UpdateWeights([new WeightInfo { Weight = 1 }])).Status);
    }

    [Fact]
    public void Weight_of_a_used_role_takes_offers_back()
    {
        var master = new MasterHarness();
        var framework = master.Subscribe(HarnessFramework.Roles("web"));
        master.Register();
        framework.TakeOffer();
        master.Tell(new MasterCommand.UpdateWeights([new WeightInfo { Role = "other", Weight = 2 }]));
        Assert.False(framework.Has(Event.Types.Type.Rescind));
        master.Tell(new MasterCommand.UpdateWeights([new WeightInfo { Role = "web", Weight = 2 }]));
        framework.Take(Event.Types.Type.Rescind);
    }

    private static MasterCommand.UpdateQuota Update(params QuotaConfig[] configs) => new(configs, Force: false);

    private static QuotaConfig Config(string role, string guarantees, string limits)
    {
        var config = new QuotaConfig { Role = role };
        foreach (var (text, amounts) in new[] { (guarantees, config.Guarantees), (limits, config.Limits) })
        {
            foreach (var resource in ResourceList.Parse(text).ToProto())
            {
                amounts[resource.Name] = resource.Scalar;
            }
        }

        return config;
    }
}
