using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Coordination;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Runtime.Flags;
using Orchestrator.Core.Runtime.Streams;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Api.Agents;
using Orchestrator.Web.Api.Marathon;
using Orchestrator.Web.Api.Operator;
using Orchestrator.Web.Api.Scheduler;
using Orchestrator.Web.Console;
using Orchestrator.Web.Hosting.Probing;
using Orchestrator.Web.Hosting.Security;
using Orchestrator.Web.Streaming.Hub;

namespace Orchestrator.Web.Hosting;

/// <summary>
/// The host: journal, master, services engine, APIs and console in one process. Tests make one in-process with
/// <c>--port=0</c>.
/// </summary>
public sealed partial class OrchestratorHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OrchestratorHost(WebApplication app) => _app = app;

    /// <summary>Everything that the host is made of.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Where it listens; known once it is started.</summary>
    public IReadOnlyList<Uri> Addresses =>
        [.. Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    /// <summary>Makes a host from a command line; it runs from <see cref="StartAsync"/> or <see cref="RunAsync"/>.</summary>
    /// <exception cref="FlagException">A flag is wrong.</exception>
    /// <exception cref="JournalException">The journal cannot be used.</exception>
    public static OrchestratorHost Create(IReadOnlyList<string> args)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
        return Create(HostOptions.From(new FlagValues(HostFlags.All, args, environment)));
    }

    /// <summary>Makes a host from options.</summary>
    public static OrchestratorHost Create(HostOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "orchestrator" });
        builder.WebHost.UseKestrel(kestrel => Limits.Apply(kestrel, options));
        builder.WebHost.UseStaticWebAssets();
        AddLogging(builder, options);
        AddServices(builder.Services, options);
        var app = builder.Build();
        Map(app, options);
        foreach (var warning in options.Flags.Warnings)
        {
            LogWarning(app.Logger, warning);
        }

        return new OrchestratorHost(app);
    }

    /// <summary>Starts listening.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    /// <summary>Ends connections and services in their order; what does not end until the token says so is cut off.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <summary>Runs until SIGTERM, SIGINT or a failure of the journal.</summary>
    public Task RunAsync() => _app.RunAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void AddLogging(WebApplicationBuilder builder, HostOptions options)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        var root = options.Flags.OneOf("logging_level", "INFO", "WARNING", "ERROR") switch
        {
            "WARNING" => LogLevel.Warning,
            "ERROR" => LogLevel.Error,
            _ => LogLevel.Information,
        };
        var levels = new LogLevels(root, TimeProvider.System);
        levels.Set("Microsoft.AspNetCore", root > LogLevel.Warning ? root : LogLevel.Warning, null);

        // It warns that keys lie unencrypted in the data folder; the folder is as private as the journal beside them.
        levels.Set("Microsoft.AspNetCore.DataProtection", LogLevel.Error, null);
        builder.Services.AddSingleton(levels);
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Logging.AddFilter((_, logger, level) => levels.IsEnabled(logger, level));
    }

    private static void AddServices(IServiceCollection services, HostOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IJournal>(_ => options.SimulatedAgents > 0 ? new InMemoryJournal() : SqliteJournal.Open(options.WorkDirectory));
        services.AddSingleton(new EventStreams<Event>(MasterDispatcher.MaxSchedulerEvents));
        services.AddSingleton(new EventStreams<AgentEvent>(MasterDispatcher.MaxAgentEvents));
        services.AddSingleton(MasterOptionsFactory.From(options));
        services.AddSingleton<MasterService>();
        services.AddSingleton(provider => provider.GetRequiredService<MasterService>().Gateway);
        services.AddHostedService(provider => provider.GetRequiredService<MasterService>());
        if (options.SimulatedAgents > 0)
        {
            services.AddHostedService<SimulationService>();
        }

        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<AccessGuard>();
        services.AddAntiforgery();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "orchestrator";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.LoginPath = "/ui/sign-in";
            cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
            cookie.SlidingExpiration = true;
        });
        services.AddSchedulerApi();

        services.AddSingleton(new MasterFlags(options.Flags.Shown));
        services.AddOperatorApi();
        AddServicesEngine(services, options);
        services.AddConsole(options);
        services.AddClusterHub();
    }

    private static void AddServicesEngine(IServiceCollection services, HostOptions options)
    {
        var marathon = MarathonOptionsFactory.From(options);
        services.AddSingleton(marathon);
        services.AddSingleton(new MarathonAddress(options.Hostname, options.MarathonPort ?? options.Port));
        services.AddSingleton(new ServicesFramework(marathon, $"http://{options.Hostname}:{options.Port}/ui"));
        services.AddSingleton<IEngine<MarathonCommand, MarathonReply, MarathonEffects, ServicesSnapshot>>(provider => Restore(marathon, provider.GetRequiredService<IJournal>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISchedulerConnection, InProcessSchedulerConnection>();
        services.AddSingleton<ServicesService>();
        services.AddSingleton(provider => provider.GetRequiredService<ServicesService>().Gateway);
        services.AddHostedService(provider => provider.GetRequiredService<ServicesService>());
        services.AddSingleton<IProbe>(provider => options.SimulatedAgents > 0 ? new SimulatedProbe() : new NetworkProbe(provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<HealthProber>();
        services.AddHostedService<UsageFeeder>();
        services.AddHostedService<AgentFeeder>();
        services.AddMarathonApi(options.AllowedOrigins);
    }

    private static MarathonEngine Restore(MarathonOptions marathon, IJournal journal, TimeProvider time)
    {
        try
        {
            return new MarathonEngine(marathon, journal.Load(MarathonEffects.Area), time.GetUtcNow());
        }
        catch (FormatException error)
        {
            throw new JournalException($"The journal holds services that cannot be read: {error.Message} Start an older host on it, or put a copy of the data folder back.", error);
        }
    }

    private static void Map(WebApplication app, HostOptions options)
    {
        app.Use(next => context => SecurityHeaders.InvokeAsync(context, next));
        var guard = app.Services.GetRequiredService<AccessGuard>();
        app.Use(next => context => guard.InvokeAsync(context, next));
        app.UseMiddleware<FailureAnswer>();
        app.UseRouting();
        app.UseAntiforgery();
        app.MapSchedulerApi();
        app.MapOperatorApi();
        app.MapOperatorActions();
        app.MapAgentLink();
        app.MapMarathonApi(context => context.Connection.LocalPort == options.MarathonPort);
        app.MapConsole();
        app.MapClusterHub();
        app.MapGet("/", () => Results.Redirect("/ui"));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);
}
