using Pipeline.Reading;
using static Pipeline.Tests.Reading.HostileFiles;

namespace Pipeline.Tests.Reading;

public class DocumentReadersTests
{
    private const string Good = "The harbour council voted on Tuesday to close the ferry terminal for two winters.";

    private static readonly string[] Server = ["dotnet", Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), DocumentServer.Argument];

    /// <summary>After a document that costs the process its life the next one is read by another.</summary>
    [Fact]
    public void Reads_the_same_as_this_process_and_goes_on_after_a_loss()
    {
        using var readers = new DocumentReaders(Server, 2_000_000);
        (InputKind, byte[])[] documents = [(InputKind.Word, Word(Paragraph(Good))), (InputKind.Pdf, Pdf(Latin($"BT /F1 10 Tf 50 700 Td ({Good}) Tj ET")))];
        for (var round = 0; round < 2; round++)
        {
            foreach (var (kind, bytes) in documents)
                Assert.Equal(DocumentFile.Read(kind, bytes, 2_000_000), readers.Read(kind, bytes));
            Assert.Contains("far more", Assert.Throws<InvalidDataException>(() => readers.Read(InputKind.Pdf, PdfForms(30, 3))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Refuses_a_document_that_ends_every_process_that_reads_it()
    {
        using var readers = new DocumentReaders(["sh", "-c", "exit 7"], 2_000_000);
        Assert.Contains("exit code 7", Assert.Throws<InvalidDataException>(() => readers.Read(InputKind.Word, Word(Paragraph(Good)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Starts_no_process_where_no_document_comes()
    {
        using var folder = new TempFolder();
        folder.Write("a.txt", Good);
        var options = new ReadingOptions { DocumentReader = [folder["no such program"]] };
        using var reader = new ArticleReader(options);
        Assert.NotNull(reader.Read(new InputWalker(options).Walk([folder.Path], () => Stream.Null).Single()).Article);
    }

    /// <summary>The signal of a terminal goes to all processes of a group; that of the documents must not end before the run does.</summary>
    [Fact]
    public void Ends_with_its_input_and_not_by_an_interrupt()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var process = Cli.Command.Start(null, DocumentServer.Argument);
        using var writer = new BinaryWriter(process.StandardInput.BaseStream);
        using var answers = new BinaryReader(process.StandardOutput.BaseStream);
        void Ask()
        {
            var bytes = Word(Paragraph(Good));
            writer.Write((byte)InputKind.Word);
            writer.Write(2_000_000L);
            writer.Write(bytes.Length);
            writer.Write(bytes);
            writer.Flush();
            Assert.Equal(DocumentServer.Accepted, answers.ReadByte());
            Assert.Contains(Good, answers.ReadString(), StringComparison.Ordinal);
            (answers.ReadString(), answers.ReadString()).ToString();
        }

        Ask();
        foreach (var signal in (string[])["INT", "TERM", "HUP"])
        {
            using var kill = System.Diagnostics.Process.Start("kill", ["-" + signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            Ask();
        }

        writer.Close();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
