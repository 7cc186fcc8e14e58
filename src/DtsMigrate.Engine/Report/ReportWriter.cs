using System.Text;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Report;

/// <summary>Writes the report of a task into a file.</summary>
public static class ReportWriter
{
    /// <summary>Extension of a format, with its dot.</summary>
    public static string Extension(ReportFormat format) => format switch { ReportFormat.Html => ".html", ReportFormat.Markdown => ".md", _ => ".json" };

    /// <summary>Writes it.</summary>
    /// <param name="folder">The task.</param>
    /// <param name="path">File, or a folder that exists and gets <c>NAME-report</c> with the extension of the format.</param>
    /// <param name="format">Form.</param>
    /// <param name="overwrite">A file that exists may be written over.</param>
    /// <param name="time">Clock.</param>
    /// <returns>The file.</returns>
    /// <exception cref="DtsMigrateException">TaskNotFound; FileExists.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string Write(TaskFolder folder, string path, ReportFormat format, bool overwrite, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string file = FileOf(folder, path, format);
        if (!overwrite && File.Exists(file))
        {
            throw new DtsMigrateException("FileExists", $"There is a file '{file}' already.") { Target = file, RecommendedAction = "Choose another path, or write over it with -Force." };
        }

        ReportData data = ReportReader.Read(folder, time);
        string text = format switch { ReportFormat.Html => HtmlReport.Write(data), ReportFormat.Markdown => MarkdownReport.Write(data), _ => JsonReport.Write(data) };
        File.WriteAllText(file, text, new UTF8Encoding(false));
        return file;
    }

    /// <summary>The file that <see cref="Write"/> writes.</summary>
    public static string FileOf(TaskFolder folder, string path, ReportFormat format)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Directory.Exists(path) ? Path.Combine(path, folder.Name + "-report" + Extension(format)) : path;
    }
}
