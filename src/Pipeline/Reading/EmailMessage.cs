using MimeKit;

namespace Pipeline.Reading;

/// <summary>An e-mail as an article: subject, sender, the day it was sent in the sender's own zone, and its text.</summary>
internal static class EmailMessage
{
    /// <exception cref="InvalidDataException">The bytes are no message, or one without text.</exception>
    public static (string Content, ArticleFormat Format, string? Title, string? Author, DateOnly? Date) Read(byte[] bytes)
    {
        MimeMessage message;
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            message = MimeMessage.Load(stream);
        }
        catch (Exception e) when (e is not (IOException or OutOfMemoryException))
        {
            throw new InvalidDataException("no e-mail message: " + e.Message, e);
        }

        using (message)
        {
            var html = message.HtmlBody;
            var content = html ?? message.TextBody;
            if (string.IsNullOrWhiteSpace(content))
                throw new InvalidDataException("the message has no text");
            var author = string.Join("; ", message.From.Mailboxes.Select(from => string.IsNullOrWhiteSpace(from.Name) ? from.Address : from.Name));
            return (
                content,
                html is null ? ArticleFormat.PlainText : ArticleFormat.Html,
                string.IsNullOrWhiteSpace(message.Subject) ? null : message.Subject.Trim(),
                author.Length == 0 ? null : author,
                message.Date == default ? null : DateOnly.FromDateTime(message.Date.DateTime));
        }
    }
}
