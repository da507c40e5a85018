namespace Pipeline.Cleaning;

/// <summary>Reads a publication date; a stub until its own turn.</summary>
internal static class PublicationDate
{
    public static bool TryRead(ReadOnlySpan<char> text, string? language, out DateOnly date)
    {
        _ = language;
        date = default;
        return text.Length >= 10 && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.None, out date);
    }
}
