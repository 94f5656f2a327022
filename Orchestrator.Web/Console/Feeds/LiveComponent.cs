using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Feeds;

/// <summary>
/// Base of everything that shows live data. It projects the newest state to a model and renders again only when the model
/// differs from the last one, so that a change elsewhere in the cluster costs this circuit nothing.
/// </summary>
/// <typeparam name="TModel">What is shown: a record (or tuple) of parts of the snapshots, compared by value.</typeparam>
public abstract class LiveComponent<TModel> : ComponentBase, IDisposable
{
    private LiveSubscription? _subscription;

    /// <summary>The feed.</summary>
    [Inject]
    public required LiveFeed Feed { get; init; }

    /// <summary>The state that <see cref="Model"/> was made from.</summary>
    protected LiveState Live { get; private set; } = null!;

    /// <summary>What is shown.</summary>
    protected TModel Model { get; private set; } = default!;

    /// <summary>Picks from a state what is shown. Called for each change and whenever parameters are set: cheap, or cached in <see cref="SharedViews"/>.</summary>
    protected abstract TModel Project(LiveState live);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Live = Feed.Current;
        _subscription = Feed.Subscribe(state => InvokeAsync(() => Follow(state)));
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => Model = Project(Live);

    /// <summary>Projects the newest state now, for example after a command was answered or a choice changed.</summary>
    protected void Refresh()
    {
        Live = Feed.Current;
        Model = Project(Live);
        StateHasChanged();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the subscription; overrides must call it.</summary>
    protected virtual void Dispose(bool disposing) => _subscription?.Dispose();

    private void Follow(LiveState state)
    {
        if (state.Version < Live.Version)
        {
            return;
        }

        Live = state;
        var model = Project(state);
        if (!EqualityComparer<TModel>.Default.Equals(model, Model))
        {
            Model = model;
            StateHasChanged();
        }
    }
}
