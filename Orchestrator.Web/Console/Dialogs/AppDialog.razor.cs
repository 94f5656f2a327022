using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.ViewModels;
using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Web.Console.Dialogs;

/// <summary>
/// Writes a new app or changes one: form and JSON beside each other, problems at their fields from the client's checks once
/// somebody tried to submit, and from the engine's answer.
/// </summary>
public sealed partial class AppDialog
{
    private static readonly (FormSection Section, string Title)[] s_sections =
    [
        (FormSection.General, "General"),
        (FormSection.Container, "Container"),
        (FormSection.Ports, "Network and ports"),
        (FormSection.Environment, "Environment"),
        (FormSection.Labels, "Labels"),
        (FormSection.Health, "Health checks"),
        (FormSection.Volumes, "Volumes"),
        (FormSection.Optional, "Optional"),
    ];

    private FormSection _section;
    private bool _isJson;
    private bool _busy;
    private bool _wasTried;
    private CommandOutcome? _outcome;
    private PlanPreview? _plan;
    private FormProblems _checked = FormProblems.None;

    /// <summary>What is written; changed in place.</summary>
    [Parameter]
    [EditorRequired]
    public AppDraft Draft { get; set; } = null!;

    /// <summary>It was accepted; before the dialog closes.</summary>
    [Parameter]
    public EventCallback<CommandOutcome> OnDone { get; set; }

    /// <summary>The user left without submitting.</summary>
    [Parameter]
    [EditorRequired]
    public EventCallback OnClose { get; set; }

    /// <summary>The engine.</summary>
    [Inject]
    public required ServiceCommands Commands { get; init; }

    private bool CanForce => _outcome is { CanForce: true };

    /// <summary>The engine's problems until something is changed, then the client's.</summary>
    private FormProblems Shown { get; set; } = FormProblems.None;

    private void FormChanged()
    {
        Draft.FormChanged();
        Changed();
    }

    private void TextChanged(string? text)
    {
        Draft.TextChanged(text ?? "");
        Changed();
    }

    private void Changed()
    {
        _outcome = null;
        _plan = null;
        _checked = Draft.Check();
        Shown = _wasTried ? _checked : FormProblems.None;
    }

    private async Task PreviewAsync()
    {
        _plan = null;
        if (await SendAsync(() => Commands.PreviewAsync(Draft.AppId, Draft.ToChange())) is { IsSuccess: true } outcome)
        {
            _plan = outcome.Plan;
        }
    }

    private async Task SubmitAsync()
    {
        var force = CanForce;
        if (await SendAsync(() => Commands.SubmitAsync(Draft.AppId, Draft.ToChange(), force)) is { IsSuccess: true } outcome)
        {
            await OnDone.InvokeAsync(outcome);
        }
    }

    /// <summary>Checks and sends; the outcome, or null when nothing was sent. What is wrong is shown at its fields.</summary>
    private async Task<CommandOutcome?> SendAsync(Func<Task<CommandOutcome>> send)
    {
        if (_busy || Draft.TextProblem is not null)
        {
            return null;
        }

        _wasTried = true;
        _checked = Draft.Check();
        Shown = _checked;
        if (_checked.Any)
        {
            ShowFirst();
            return null;
        }

        _busy = true;
        try
        {
            _outcome = await send();
        }
        finally
        {
            _busy = false;
        }

        if (!_outcome.IsSuccess)
        {
            Shown = new FormProblems(_outcome.Problems);
            ShowFirst();
        }

        return _outcome;
    }

    /// <summary>Goes to a section with a problem unless the one in view has one.</summary>
    private void ShowFirst()
    {
        if (Shown.CountIn(_section) == 0 && Shown.All.Select(problem => FormProblems.SectionOf(problem.Path)).FirstOrDefault(section => section is not null) is { } first)
        {
            _section = first;
        }
    }

    private int Amount(FormSection section) => section switch
    {
        FormSection.Ports => Draft.Form.Ports.Count,
        FormSection.Environment => Draft.Form.Env.Count,
        FormSection.Labels => Draft.Form.Labels.Count,
        FormSection.Health => Draft.Form.HealthChecks.Count,
        FormSection.Volumes => Draft.Form.Volumes.Count,
        _ => 0,
    };
}
