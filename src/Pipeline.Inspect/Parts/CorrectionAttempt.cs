using MudBlazor;

namespace Pipeline.Inspect.Parts;

/// <summary>A correction as the page tries it: one that cannot be written down is told there.</summary>
internal static class CorrectionAttempt
{
    /// <summary>Corrects; false, and told, where it could not be written down.</summary>
    public static bool Try(this ISnackbar snackbar, Action correct)
    {
        try
        {
            correct();
            return true;
        }
        catch (UserFileException e)
        {
            snackbar.Add(Plain.VisibleText.Short(e.Message, 400), Severity.Error);
            return false;
        }
    }
}
