using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Tests.Support;

/// <summary>Renders pages and controls of the console over scripted engines; a change that the test makes reaches them as in a circuit.</summary>
internal sealed class ConsolePageContext : BunitContext
{
    private readonly ManualTimeProvider _time = new();
    private LiveFeed? _feed;

    public ConsolePageContext(ClusterSnapshot? cluster = null, ServicesSnapshot? services = null)
    {
        Master = new ScriptedMaster(cluster ?? Snapshots.Busy);
        Engine = new ScriptedServices(services ?? ServiceSnapshots.Empty);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(_time);
        Services.AddSingleton<IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot>>(Master);
        Services.AddSingleton<MasterActions>();
        Services.AddSingleton(_ => _feed ??= new LiveFeed(Master, _time, NullLogger<LiveFeed>.Instance, Engine));
        Services.AddSingleton<SharedViews>();
        Services.AddSingleton(provider => new ClusterHistory(provider.GetRequiredService<LiveFeed>(), _time));
    }

    public ScriptedMaster Master { get; }

    public ScriptedServices Engine { get; }

    /// <summary>Path and query where the last navigation led.</summary>
    public string Address => "/" + Navigation.ToBaseRelativePath(Navigation.Uri);

    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    /// <summary>Opens a page under an address, with what its query says.</summary>
    public IRenderedComponent<T> Open<T>(string address, Action<ComponentParameterCollectionBuilder<T>>? parameters = null)
        where T : IComponent
    {
        Navigation.NavigateTo(address);
        return Render(parameters ?? (_ => { }));
    }

    /// <summary>Starts the live feed: from now on what <see cref="Master"/> shows reaches the pages.</summary>
    public Task GoLiveAsync() => Services.GetRequiredService<LiveFeed>().StartAsync(CancellationToken.None);

    /// <summary>Lets the clock run until a condition holds.</summary>
    public Task UntilAsync(string what, Func<bool> condition) => Until.TrueAsync(what, () =>
    {
        _time.Advance(LiveFeed.Pause);
        return condition();
    });

    protected override void Dispose(bool disposing)
    {
        _feed?.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        base.Dispose(disposing);
    }
}
