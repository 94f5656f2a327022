namespace Orchestrator.Tests.Browser.Support;

/// <summary>Browser tests run one after the other: two cores are few for a browser.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BrowserCollection : ICollectionFixture<ChromiumFixture>
{
    public const string Name = "Browser";
}
