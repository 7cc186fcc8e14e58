#Requires -Version 7.6
<#
.SYNOPSIS
    Writes the MAML help of the module from docs/cmdlets and the cmdlets' own metadata.
.DESCRIPTION
    Texts come from the Markdown pages, syntax and parameter attributes from the built module in out/DtsMigrate.
    Prints the path of the written file.
#>
[CmdletBinding()]
param(
    # Where to write; the file in module/DtsMigrate/en-US when left out.
    [string] $Path
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$repository = Split-Path $PSScriptRoot
if (-not $Path) {
    $Path = Join-Path $repository 'module/DtsMigrate/en-US/DtsMigrate.PowerShell.dll-Help.xml'
}
Import-Module (Join-Path $repository 'out/DtsMigrate/DtsMigrate.psd1')

$common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
$namespaces = @{
    command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
    maml    = 'http://schemas.microsoft.com/maml/2004/10'
    dev     = 'http://schemas.microsoft.com/maml/dev/2004/10'
}

function ConvertFrom-HelpPage {
    # A page as a dictionary: Synopsis, and per section its text or its parts by heading.
    param([string] $File)
    $page = @{ Synopsis = ''; Sections = @{}; Parts = @{} }
    $section = $part = $null
    $inCode = $false
    foreach ($line in Get-Content -LiteralPath $File) {
        if ($line.StartsWith('```')) { $inCode = -not $inCode }
        if (-not $inCode -and $line -match '^# ') { continue }
        if (-not $inCode -and $line -match '^## (.+)$') {
            $section = $Matches[1]
            $part = $null
            $page.Sections[$section] = [System.Collections.Generic.List[string]]::new()
            $page.Parts[$section] = [ordered]@{}
        } elseif (-not $inCode -and $line -match '^### (.+)$') {
            $part = $Matches[1]
            $page.Parts[$section][$part] = [System.Collections.Generic.List[string]]::new()
        } elseif ($part) {
            $page.Parts[$section][$part].Add($line)
        } elseif ($section) {
            $page.Sections[$section].Add($line)
        } elseif ($line) {
            $page.Synopsis = ($page.Synopsis + ' ' + $line).Trim()
        }
    }
    $page
}

function Get-Paragraph {
    # Lines as paragraphs: what an empty line separates; backticks of Markdown are taken out.
    param([string[]] $Line)
    $text = ($Line -join "`n").Trim() -replace '`', ''
    if ($text) {
        $text -split '\n\s*\n' | ForEach-Object { $_ -replace '\s*\n\s*', ' ' }
    }
}

function Write-Element {
    param([string] $Name, [string] $Text)
    $prefix, $local = $Name -split ':'
    $writer.WriteElementString($prefix, $local, $namespaces[$prefix], $Text)
}

function Write-Start {
    param([string] $Name)
    $prefix, $local = $Name -split ':'
    $writer.WriteStartElement($prefix, $local, $namespaces[$prefix])
}

function Write-Description {
    param([string[]] $Paragraph)
    Write-Start maml:description
    $Paragraph | Where-Object { $_ } | ForEach-Object { Write-Element maml:para $_ }
    $writer.WriteEndElement()
}

function Write-Parameter {
    param($Parameter, $Attribute, [string[]] $Text, [bool] $InSyntax)
    Write-Start command:parameter
    $pipeline = @()
    if ($Attribute.ValueFromPipeline) { $pipeline += 'ByValue' }
    if ($Attribute.ValueFromPipelineByPropertyName) { $pipeline += 'ByPropertyName' }
    $attributes = $Parameter.Attributes
    $wildcards = [bool]($attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] })
    $writer.WriteAttributeString('required', "$($Attribute.IsMandatory)".ToLowerInvariant())
    $writer.WriteAttributeString('variableLength', "$($Parameter.ParameterType.IsArray)".ToLowerInvariant())
    $writer.WriteAttributeString('globbing', "$wildcards".ToLowerInvariant())
    $writer.WriteAttributeString('pipelineInput', $(if ($pipeline) { "True ($($pipeline -join ', '))" } else { 'False' }))
    $writer.WriteAttributeString('position', $(if ($Attribute.Position -ge 0) { "$($Attribute.Position)" } else { 'named' }))
    $writer.WriteAttributeString('aliases', $(if ($Parameter.Aliases) { $Parameter.Aliases -join ', ' } else { 'none' }))
    Write-Element maml:name $Parameter.Name
    Write-Description $Text
    $type = $Parameter.ParameterType
    $type = [System.Nullable]::GetUnderlyingType($type) ?? $type
    $element = $type.IsArray ? $type.GetElementType() : $type
    $typeName = $type.IsArray ? "$($element.Name)[]" : $type.Name
    if ($InSyntax -and $element.IsEnum) {
        Write-Start command:parameterValueGroup
        foreach ($value in [enum]::GetNames($element)) {
            Write-Start command:parameterValue
            $writer.WriteAttributeString('required', 'false')
            $writer.WriteAttributeString('variableLength', 'false')
            $writer.WriteString($value)
            $writer.WriteEndElement()
        }
        $writer.WriteEndElement()
    }
    if ($type -ne [switch]) {
        Write-Start command:parameterValue
        $writer.WriteAttributeString('required', 'true')
        $writer.WriteAttributeString('variableLength', "$($type.IsArray)".ToLowerInvariant())
        $writer.WriteString($typeName)
        $writer.WriteEndElement()
    }
    Write-Start dev:type
    Write-Element maml:name $typeName
    $writer.WriteEndElement()
    $writer.WriteEndElement()
}

function Write-Type {
    # Inputs or outputs: `Type: words`.
    param([string] $Container, [string] $Item, [string[]] $Text)
    Write-Start $Container
    foreach ($paragraph in $Text) {
        $name, $words = $paragraph -split ': ', 2
        Write-Start $Item
        Write-Start dev:type
        Write-Element maml:name ($words ? $name : $paragraph)
        $writer.WriteEndElement()
        Write-Description $words
        $writer.WriteEndElement()
    }
    $writer.WriteEndElement()
}

function Write-Command {
    param($Command, $Page)
    $words = @{
        WhatIf  = 'Shows what would happen. Nothing is changed.'
        Confirm = 'Asks before anything is changed.'
    }
    # A page may refer to another one for the parameters that both have: `## Parameters`, then a link.
    $pages = @($Page)
    if ("$($Page.Sections['Parameters'])" -match '\]\((?<file>[\w-]+\.md)\)') {
        $pages = @(ConvertFrom-HelpPage (Join-Path $repository "docs/cmdlets/$($Matches.file)")) + $pages
    }
    foreach ($one in $pages) {
        foreach ($heading in $one.Parts['Parameters'].Keys) {
            foreach ($name in $heading -split ',\s*') {
                $words[$name.TrimStart('-')] = Get-Paragraph $one.Parts['Parameters'][$heading]
            }
        }
    }
    Write-Start command:command
    $writer.WriteAttributeString('xmlns', 'maml', $null, $namespaces.maml)
    $writer.WriteAttributeString('xmlns', 'dev', $null, $namespaces.dev)
    Write-Start command:details
    Write-Element command:name $Command.Name
    Write-Description $Page.Synopsis
    Write-Element command:verb $Command.Verb
    Write-Element command:noun $Command.Noun
    $writer.WriteEndElement()
    Write-Description (Get-Paragraph $Page.Sections['Description'])

    Write-Start command:syntax
    foreach ($set in $Command.ParameterSets) {
        Write-Start command:syntaxItem
        Write-Element maml:name $Command.Name
        # As the shell's own syntax: by position, then what is mandatory, then the others as declared.
        $order = { if ($_.Position -ge 0) { $_.Position } else { [int]::MaxValue } }, { -not $_.IsMandatory }
        foreach ($parameter in $set.Parameters | Where-Object Name -NotIn $common | Sort-Object -Stable $order) {
            Write-Parameter -Parameter $Command.Parameters[$parameter.Name] -Attribute $parameter -Text $words[$parameter.Name] -InSyntax $true
        }
        foreach ($name in 'WhatIf', 'Confirm') {
            if ($parameter = $set.Parameters | Where-Object Name -EQ $name) {
                Write-Parameter -Parameter $Command.Parameters[$name] -Attribute $parameter -Text $words[$name] -InSyntax $true
            }
        }
        $writer.WriteEndElement()
    }
    $writer.WriteEndElement()

    Write-Start command:parameters
    foreach ($parameter in $Command.Parameters.Values | Where-Object { $_.Name -notin $common -or $_.Name -in 'WhatIf', 'Confirm' } | Sort-Object Name) {
        $attribute = @($parameter.ParameterSets.Values)[0]
        Write-Parameter -Parameter $parameter -Attribute $attribute -Text $words[$parameter.Name] -InSyntax $false
    }
    $writer.WriteEndElement()

    Write-Type -Container command:inputTypes -Item command:inputType -Text (Get-Paragraph $Page.Sections['Inputs'])
    Write-Type -Container command:returnValues -Item command:returnValue -Text (Get-Paragraph $Page.Sections['Outputs'])

    Write-Start command:examples
    $number = 0
    foreach ($title in $Page.Parts['Examples'].Keys) {
        $number++
        $lines = $Page.Parts['Examples'][$title] -join "`n"
        $null = $lines -match '(?s)```powershell\n(?<code>.*?)\n```(?<rest>.*)'
        Write-Start command:example
        Write-Element maml:title "Example ${number}: $title"
        Write-Element dev:code $Matches.code
        Write-Start dev:remarks
        Get-Paragraph $Matches.rest | ForEach-Object { Write-Element maml:para $_ }
        $writer.WriteEndElement()
        $writer.WriteEndElement()
    }
    $writer.WriteEndElement()

    Write-Start command:relatedLinks
    foreach ($link in $Page.Sections['Related'] | Where-Object { $_ -match '^- ' }) {
        Write-Start maml:navigationLink
        Write-Element maml:linkText ($link -replace '^- ')
        Write-Element maml:uri ''
        $writer.WriteEndElement()
    }
    $writer.WriteEndElement()
    $writer.WriteEndElement()
}

$settings = [System.Xml.XmlWriterSettings]::new()
$settings.Indent = $true
$settings.NewLineChars = "`n"
$settings.Encoding = [System.Text.UTF8Encoding]::new($false)
$null = New-Item -ItemType Directory -Force -Path (Split-Path $Path)
$writer = [System.Xml.XmlWriter]::Create($Path, $settings)
try {
    $writer.WriteStartDocument()
    $writer.WriteStartElement('helpItems', 'http://msh')
    $writer.WriteAttributeString('schema', 'maml')
    foreach ($file in Get-ChildItem -LiteralPath (Join-Path $repository 'docs/cmdlets') -Filter '*-*.md' | Sort-Object Name) {
        Write-Command (Get-Command $file.BaseName -Module DtsMigrate) (ConvertFrom-HelpPage $file.FullName)
    }
    $writer.WriteEndElement()
    $writer.WriteEndDocument()
} finally {
    $writer.Dispose()
}
Add-Content -LiteralPath $Path -Value ''
$Path
